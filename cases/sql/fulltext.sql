-- Full-text search in English and Chinese in one index. The Python twin, for queries and highlights, is
-- cases/fulltext.py. `:traditional` is replaced by the table traditional.tsv as JSON.
--
-- A text is folded (width, case, traditional to simplified characters, thousands separators), then cut into runs of
-- Chinese characters and the rest. The rest is English to the parser. A run becomes its overlapping pairs of
-- characters at consecutive positions, and its last character alone: so every substring of two or more characters is a
-- sequence of neighbours, and a single character is found by prefix.

create function traditional_characters() returns jsonb language sql immutable parallel safe
    return ':traditional'::jsonb;

create function search_fold(written text) returns text language plpgsql immutable strict parallel safe as $$
declare
    folded text := regexp_replace(lower(normalize(written, NFKC)), '([0-9]),(?=[0-9]{3})', '\1', 'g');
    simplified jsonb;
begin
    if folded !~ '[㐀-鿿𠀀-𿿽]' then
        return folded;
    end if;
    simplified := traditional_characters();
    return (select string_agg(coalesce(simplified ->> c, c), '' order by n)
            from regexp_split_to_table(folded, '') with ordinality as t (c, n));
end $$;

create function search_vector(written text, weight "char") returns tsvector
    language plpgsql immutable strict parallel safe
as $$
declare
    piece text;
    vector tsvector := '';
begin
    for piece in select m[1] from regexp_matches(search_fold(written), '[〇㐀-鿿𠀀-𿿽]+|[^〇㐀-鿿𠀀-𿿽]+', 'g') as m loop
        if piece ~ '^[〇㐀-鿿𠀀-𿿽]' then
            vector := vector || (select string_agg(substr(piece, i, 2) || ':' || i, ' ')::tsvector
                                 from generate_series(1, char_length(piece)) i);
        else
            vector := vector || to_tsvector('pg_catalog.english', piece);
        end if;
    end loop;
    return setweight(vector, weight);
end $$;

-- The words of a text in their order, as neighbours: what "quotation marks" ask for. Of a run of Chinese characters
-- the last one alone is left out, since the last pair holds it; a run of one character finds every pair it begins.
create function search_phrase(written text) returns tsquery language sql immutable strict parallel safe as $$
    with words as (
        select lexeme, position, lag(lexeme) over (order by position, lexeme) as before
        from unnest(search_vector(written, 'D')) t (lexeme, positions, weights), unnest(positions) position
    ),
    kept as (
        select lexeme, position,
               position - lag(position) over (order by position, lexeme) as distance,
               char_length(lexeme) = 1 and lexeme ~ '[〇㐀-鿿𠀀-𿿽]' as single
        from words
        where not (char_length(lexeme) = 1 and lexeme ~ '[〇㐀-鿿𠀀-𿿽]'
                   and before is not null and char_length(before) = 2 and right(before, 1) = lexeme)
    )
    select coalesce(string_agg(
        case when distance is null then '' else '<' || distance || '>' end
        || '''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''' || case when single then ':*' else '' end,
        ' ' order by position, lexeme), '')::tsquery
    from kept
$$;
