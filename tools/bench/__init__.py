"""The benchmark: a large made-up archive, loaded into a database of its own and asked over HTTP.

`make bench` runs it, `make bench SIZE=10000` on a smaller archive.
"""
