-- Takes back functions.sql. Fails while a column, check or index still uses one of them.
drop function if exists squash(text);
drop function if exists claim_interval(numeric, text, numeric, numeric, boolean);
drop function if exists edtf_span(text);
