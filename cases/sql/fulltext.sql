-- Full-text search in English and Chinese in one index. The Python twin, for queries and highlights, is
-- cases/fulltext.py. `:traditional` is replaced by the table traditional.tsv as JSON.
--
-- A text is folded (width, case, accents, traditional to simplified characters, thousands separators, apostrophes), then
-- cut into words: runs of Chinese characters, numbers, runs of letters; all else only parts them. Letters are stemmed as
-- English.
-- A Chinese run becomes its overlapping pairs of characters at consecutive positions, and its last character alone: so
-- every substring of two or more characters is a sequence of neighbours, and a single character is found by prefix.
-- ' · ' stands between texts that are put into one: it takes a place, so that the end of one and the beginning of the next
-- are no neighbours.

create or replace function traditional_characters() returns jsonb language sql immutable parallel safe
    return ':traditional'::jsonb;

create or replace function search_fold(written text) returns text language plpgsql immutable strict parallel safe as $$
declare
    folded text := lower(normalize(written, NFKC));
    simplified jsonb;
begin
    if folded ~ '[À-ɏḀ-ỿ]' then  -- Ürümqi is Urumqi
        folded := normalize(regexp_replace(normalize(folded, NFKD), '[\u0300-\u036f]', '', 'g'), NFKC);
    end if;
    -- 57,519 is 57519, Xi'an is Xian, the police's is of the police, 5·22 is 5.22
    folded := regexp_replace(folded, '(?<=[0-9]),(?=[0-9]{3}(?![0-9]))|(?<=[a-z])[''’‘ʼ](?:s(?![a-z])|(?=[a-z]))', '', 'g');
    folded := regexp_replace(folded, '(?<=[0-9])[·•‧・](?=[0-9])', '.', 'g');
    if folded !~ '[㐀-鿿𠀀-𿿽]' then
        return folded;
    end if;
    simplified := traditional_characters();
    return (select string_agg(coalesce(simplified ->> c, c), '' order by n)
            from regexp_split_to_table(folded, '') with ordinality as t (c, n));
end $$;

-- The words of a text with their places. `single`: the only character of a Chinese run; `last`: the last of several.
create or replace function search_words(written text) returns table (word text, place bigint, single boolean, last boolean)
    language plpgsql immutable strict parallel safe
as $$
begin
    return query
    with runs as (
        select m[1] as run, n, m[1] ~ '^[〇㐀-鿿𠀀-𿿽]' as chinese
        -- Chinese characters are letters too: they are put apart first.
        from regexp_replace(search_fold(written), '[〇㐀-鿿𠀀-𿿽]+', ' \& ', 'g') parted,
             regexp_matches(parted, '[〇㐀-鿿𠀀-𿿽]+|[0-9]+(?:\.[0-9]+)?|[[:alpha:]]+| · ', 'g') with ordinality as t (m, n)
    ),
    placed as (
        select run, chinese, char_length(run) as length,
               sum(case when chinese then char_length(run) else 1 end) over (order by n)
               - case when chinese then char_length(run) else 1 end as before
        from runs
    )
    select substr(run, i, 2), before + i, length = 1, i = length and length > 1
    from placed, generate_series(1, length) i where chinese
    union all
    select lexeme, before + 1, false, false
    from placed, unnest(ts_lexize('pg_catalog.english_stem', left(run, 255))) lexeme
    where not chinese and run <> ' · ';
end $$;

-- A tsvector knows no place beyond 16,383. In longer texts they start over, so that neighbours stay neighbours. They
-- start at 2: so the words of two vectors put together are no neighbours either.
create or replace function search_vector(written text, weight "char") returns tsvector
    language sql immutable strict parallel safe
as $$
    select setweight(coalesce(string_agg(word || ':' || (place - 1) % 12000 + 2, ' '), '')::tsvector, weight)
    from search_words(written)
$$;

-- The words of a text in their order, as neighbours: what "quotation marks" ask for. The last character of a Chinese
-- run is left out, since the last pair holds it; a run of one character finds every pair it begins.
create or replace function search_phrase(written text) returns tsquery language sql immutable strict parallel safe as $$
    select coalesce(string_agg(coalesce('<' || distance || '>', '') || '''' || word || '''' || case when single then ':*' else '' end,
                               ' ' order by place), '')::tsquery
    from (select word, place, single, place - lag(place) over (order by place) as distance
          from search_words(written) where not last) words
$$;

-- The words that a node of a vocabulary is found by; null where there is no such node. A place is found by its full
-- reading too, as one word: anhuisheng.
create or replace function words_of_node(which text, node text) returns tsvector language sql stable as $$
    select case which
        when 'place' then (
            select search_vector(concat_ws(' · ', name_en, name_zh, replace(pinyin, ' ', ''),
                                           (select string_agg(name, ' · ' order by id) from cases_placename
                                            where place_id = node)), 'D')
            from cases_place where code = node)
        when 'crime_type' then (
            select search_vector(label_en || ' · ' || label_zh, 'D') from cases_crimetype where code = node)
        when 'campaign' then (
            select search_vector(concat_ws(' · ', name_en, name_zh,
                                           (select string_agg(name, ' · ' order by id) from cases_campaignname
                                            where campaign_id = node)), 'D')
            from cases_campaign where slug = node)
    end
$$;
