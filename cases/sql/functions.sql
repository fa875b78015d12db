-- The rules that hold in Python and in the database alike, for PostgreSQL 14 and later.
--
-- Each function has a twin in Python, named at its head; tests/test_sql_rules.py holds the two together. They are used
-- in generated columns, checks and indexes, so each is truly immutable and calls nothing outside pg_catalog: a restore,
-- which runs with an empty search_path, computes the same columns again. A change of a rule therefore needs a migration
-- that also rewrites the columns made with it.


-- The days a partial date can mean (cases/partial_dates.py, parse): EDTF levels 0 and 1 without seasons, years 1900 to
-- 2100. An open or unknown side has no bound. Raises 22007 (invalid_datetime_format) for anything else.
create or replace function edtf_span(written text) returns daterange
    language plpgsql immutable strict parallel safe
as $$
declare
    sides     text[] := string_to_array(written, '/');
    side      text;
    parts     text[];
    y         integer;
    m         integer;
    d         integer;
    first_day date;
    last_day  date;
    earliest  date;
    latest    date;
begin
    -- An empty text splits into no side at all.
    if cardinality(sides) not between 1 and 2 then
        raise exception 'not a partial date: %', quote_literal(left(written, 40)) using errcode = '22007';
    end if;

    for i in 1 .. cardinality(sides) loop
        side := sides[i];
        continue when cardinality(sides) = 2 and side in ('..', '');

        parts := regexp_match(side, '^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?[~?%]?$');
        if parts is null then
            raise exception 'not a partial date: %', quote_literal(written)
                using errcode = '22007', hint = 'Write 2018, 2018-09 or 2018-09-07, or two of them with a slash.';
        end if;
        y := parts[1];
        m := parts[2];
        d := parts[3];
        if y not between 1900 and 2100 or m not between 1 and 12 then
            raise exception 'no such year or month: %', quote_literal(written) using errcode = '22007';
        end if;

        first_day := make_date(y, coalesce(m, 1), 1);
        last_day := (make_date(y, coalesce(m, 12), 1) + make_interval(months => 1))::date - 1;
        if d is not null then
            if d not between 1 and last_day - first_day + 1 then
                raise exception 'no such day: %', quote_literal(written) using errcode = '22007';
            end if;
            first_day := make_date(y, m, d);
            last_day := first_day;
        end if;

        if i = 1 then
            earliest := first_day;
        end if;
        if i = cardinality(sides) then
            latest := last_day;
        end if;
    end loop;

    if earliest is null and latest is null then
        raise exception 'neither a start nor an end: %', quote_literal(written) using errcode = '22007';
    end if;
    if earliest > latest then
        raise exception 'ends before it begins: %', quote_literal(written) using errcode = '22007';
    end if;
    return daterange(earliest, latest, '[]');
end
$$;


-- The values a claim allows (cases/intervals.py, interval). Null where the numbers do not decide: for "several", whose
-- interval comes from the words, and for whatever the rule refuses. Raises nothing.
-- "signed" says that the measure can fall below zero (a change in percent), so that "up to" has no lower bound.
create or replace function claim_interval(value numeric, qualifier text, step numeric, high numeric, signed boolean)
    returns numrange
    language sql immutable called on null input parallel safe
as $$
    select case
        -- Refusals first, each by itself: the planner may compute what follows in advance where arguments are constant.
        when value is null or value in ('NaN', 'Infinity', '-Infinity') then null
        when step in ('NaN', 'Infinity', '-Infinity') or step <= 0 then null
        when high in ('NaN', 'Infinity', '-Infinity') or high < value then null
        when (qualifier = 'range') is distinct from (high is not null) then null

        when qualifier = 'exact' then numrange(value, value, '[]')
        when qualifier = 'range' then numrange(value, high, '[]')
        when qualifier in ('more_than', 'nearly', 'about') and step is null then null
        when qualifier = 'about' then numrange(value - step, value + step, '[]')

        -- A fall is read by its size: "more than 30% down" is -30 and further from zero.
        when value < 0 then case qualifier
            when 'more_than' then numrange(value - step, value, '(]')
            when 'nearly' then numrange(value, value + step, '()')
            when 'at_least' then numrange(null, value, '(]')
            when 'up_to' then numrange(value, case when signed then null else 0 end, '[]')
            when 'less_than' then numrange(value, case when signed then null else 0 end, '(]')
        end
        else case qualifier
            when 'more_than' then numrange(value, value + step, '[)')
            when 'nearly' then numrange(value - step, value, '()')
            when 'at_least' then numrange(value, null, '[)')
            when 'up_to' then numrange(case when signed then null else 0 end, value, '[]')
            when 'less_than' then case
                when value = 0 and signed is not true then null
                else numrange(case when signed then null else 0 end, value, '[)')
            end
        end
    end
$$;


-- A text without white space and differences of width (cases/squash.py, squash). Needs a database in UTF-8.
create or replace function squash(written text) returns text
    language sql immutable strict parallel safe
as $$
    select normalize(
        translate(
            normalize(written, NFKC),
            E'\t\n\u000B\f\r\u001C\u001D\u001E\u001F \u0085\u00AD\u1680\u180E\u200B\u200C\u200D\u200E\u200F\u2028\u2029\u2060\uFEFF',
            ''
        ),
        NFKC
    )
$$;
