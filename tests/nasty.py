"""Texts that are made to be spoilt: by spreadsheets, by quotes and line ends, by whoever takes white space away."""

from hypothesis import strategies as st

SIGNS = "=+-@\t\r\n'＝＋－＠−"
NASTY = st.text(
    st.one_of(
        st.sampled_from(SIGNS + '",;\\ \u200b\ufeff\u00a0\u3000%{}:0123456789NULL'),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    max_size=30,
)
