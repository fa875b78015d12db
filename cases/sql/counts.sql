-- What is known of all rows before anybody asks: how many have each value of each facet (`cases_facettotal`), and
-- which, as sets of ids (`cases_facetset`). A filter over any facets is then a calculation with strings of bits, and
-- counting a value is counting the bits that its set and the filter's have in common. Kept by the database from what
-- every statement adds to the rows and takes from them; `manage.py verify` makes all of it anew.

-- The ids of a set are kept in parts of 60,000: id 60,000 · p + i is bit i of part p. A part fills a page, and a save
-- rewrites only those that its ids are in.
create table cases_facetset (
    source text,
    facet text,
    value text,
    part integer,
    ids bit varying not null,
    primary key (source, facet, value, part)
);
-- Compressed where that helps, and never put apart: a set is read as fast as its page.
alter table cases_facetset alter column ids set storage main;

-- Words of which sets are kept, since very many rows have them (search/common_words.py). Searches use them when complete.
create table cases_commonword (
    source text,
    lexeme text,
    complete boolean not null default false,
    primary key (source, lexeme)
);

create function part_of(id bigint) returns integer language sql immutable parallel safe
    return (id / 60000)::integer;

create function place_in_part(id bigint) returns integer language sql immutable parallel safe
    return (id % 60000)::integer;

create function first_of(part integer) returns bigint language sql immutable parallel safe
    return part * 60000::bigint;

create function no_ids() returns bit varying language sql immutable parallel safe
    return repeat('0', 60000)::bit varying;

-- The set of some places in a part. Few are set one by one; many are first brought together in words of 32 bits.
create function id_set(places integer[]) returns bit varying language plpgsql immutable strict parallel safe as $$
declare
    ids bit varying := no_ids();
    place integer;
begin
    if cardinality(places) < 100 then
        foreach place in array places loop
            ids := set_bit(ids, place, 1);
        end loop;
        return ids;
    end if;
    return (
        with words as (
            select place_ / 32 as word, bit_or(1 << (31 - place_ % 32)) as bits from unnest(places) place_ group by 1
        ), spaced as (
            select word, bits, word - coalesce(lag(word) over (order by word), -1) - 1 as empty from words
        )
        select ('x' || encode(string_agg(substr(zeros, 1, 4 * empty) || int4send(bits), ''::bytea order by word)
                              || substr(zeros, 1, 4 * (1874 - max(word))), 'hex'))::bit varying
        from spaced, decode(repeat('00', 7500), 'hex') zeros
        group by zeros
    );
end $$;

-- Where an amount stands: how many digits it has, and its first two. Below zero, all are one.
create function magnitude(amount numeric) returns text language sql immutable strict parallel safe
    return case when amount < 0 then 'negative'
                else length(trunc(amount)::text) || ':' || left(trunc(amount)::text, 2) end;

create index figure_row_low on cases_figurerow (magnitude(lower(interval)));
create index figure_row_size on cases_figurerow (value, id);
create index figure_row_high on cases_figurerow (magnitude(upper(interval)));

-- Queries for the values of `changed`, a table of rows: facet, value, id.
--
-- `first` and `last` are the days between which a record may have been published, each as year, month and day. `low` and
-- `high` are the bounds of what a figure means, `size` its value, each by its digits, and by these and the first two.
create or replace function facet_parts(source text) returns setof text language sql stable as $$
    select format('select %L, unnest(%I), id from changed union all select %L, ''none'', id from changed where %I = ''{}''',
                  facet, facet, facet, facet)
    from unnest(array['year', 'province', 'place', 'crime_type', 'campaign']) facet
    union all
    select format('select %L, %I, id from changed', facet, facet)
    from unnest(array['publisher', 'kind', 'language']
                || case when source = 'cases_figurerow' then array['measure', 'unit', 'qualifier'] end) facet
    union all
    select 'select ''all'', '''', id from changed'
    union all
    select format('select %L, case when isfinite(day) then to_char(day, form) else ''open'' end, id
                   from (select id, %s as day from changed where not isempty(published)) dated,
                        unnest(array[''YYYY'', ''YYYY-MM'', ''YYYY-MM-DD'']) form
                   where isfinite(day) or form = ''YYYY''', facet, day)
    from (values ('first', 'coalesce(lower(published), ''-infinity'')'),
                 ('last', 'coalesce(upper(published) - 1, ''infinity'')')) as bounds (facet, day)
    union all
    select format('select case when role like ''%%:%%'' then ''place_role'' else ''role'' end, role, id
                   from changed, unnest(place_role) role')
    where source = 'cases_caserow'
    union all
    select format('select %L, unnest(case when node like ''%%:%%'' then array[node, split_part(node, '':'', 1)]
                                         else array[node] end), id
                   from (select id, coalesce(magnitude(%s), ''open'') as node from changed) sized', facet, amount)
    from (values ('low', 'lower(interval)'), ('high', 'upper(interval)'), ('size', 'value')) as amounts (facet, amount)
    where source = 'cases_figurerow'
$$;

create or replace function facet_values(source text) returns text language sql stable as $$
    select string_agg(part, ' union all ') || format(
        ' union all select ''word'', w.lexeme, id from changed, unnest(tsvector_to_array(doc)) word (lexeme)
          join cases_commonword w on w.source = %L and w.lexeme = word.lexeme', source)
    from facet_parts(source) part
$$;

-- `gone` are the rows that a statement has taken away or changed, `changed` those that it has made of them or added.
create or replace function keep_totals() returns trigger language plpgsql as $$
declare
    step record;
    named text;
begin
    for step in
        select 'gone' as rows, 'changed' as others, -1 as sign, '& ~' as operator where tg_op <> 'INSERT'
        union all select 'changed', 'gone', 1, '|' where tg_op <> 'DELETE'
    loop
        named := replace(facet_values(tg_table_name), 'from changed', 'from ' || step.rows);
        if tg_op = 'UPDATE' then  -- most values of a row stay as they are
            named := format('(%s) except all (%s)', named,
                            replace(facet_values(tg_table_name), 'from changed', 'from ' || step.others));
        end if;
        execute format(
            'with named as materialized (
                 select facet, value, part_of(id) as part, count(*) as n, id_set(array_agg(place_in_part(id))) as ids
                 from (%2$s) as t (facet, value, id) group by 1, 2, 3),
             kept as (
                 insert into cases_facettotal (source, facet, value, n)
                 select %1$L, facet, value, %3$s * sum(n) from named group by facet, value order by facet, value
                 on conflict (source, facet, value) do update set n = cases_facettotal.n + excluded.n)
             insert into cases_facetset (source, facet, value, part, ids)
             select %1$L, facet, value, part, ids from named order by facet, value, part
             on conflict (source, facet, value, part) do update set ids = cases_facetset.ids %4$s excluded.ids',
            tg_table_name, named, step.sign, step.operator);
    end loop;
    return null;
end $$;

do $$
declare
    rows text;
begin
    foreach rows in array array['cases_announcementrow', 'cases_caserow', 'cases_figurerow'] loop
        execute format('drop trigger if exists totals_update_old on %I', rows);
        execute format('drop trigger if exists totals_update_new on %I', rows);
        execute format('create or replace trigger totals_insert after insert on %I referencing new table as changed
                        for each statement execute function keep_totals()', rows);
        execute format('create or replace trigger totals_delete after delete on %I referencing old table as gone
                        for each statement execute function keep_totals()', rows);
        execute format('create or replace trigger totals_update after update on %I
                        referencing old table as gone new table as changed
                        for each statement execute function keep_totals()', rows);
    end loop;
end $$;

-- Makes all of it anew for a table of rows, words aside: for rows that came without triggers.
create function recount(source text) returns void language plpgsql as $$
declare
    part text;
begin
    delete from cases_facettotal t where t.source = recount.source;
    delete from cases_facetset s where s.source = recount.source;
    for part in select replace(p, 'from changed', 'from ' || recount.source) from facet_parts(recount.source) p loop
        execute format('insert into cases_facetset (source, facet, value, part, ids)
                        select %L, facet, value, part_of(id), id_set(array_agg(place_in_part(id)))
                        from (%s) as t (facet, value, id) group by 2, 3, 4 order by 2, 3, 4', recount.source, part);
    end loop;
    insert into cases_facettotal (source, facet, value, n)
    select recount.source, facet, value, sum(bit_count(ids)) from cases_facetset s where s.source = recount.source
    group by facet, value;
end $$;
