-- Totals of the whole archive: how many search rows there are with each value of each facet. Kept by the database
-- from what every statement adds to the rows and takes from them; `manage.py verify` counts them anew.

create table cases_facettotal (
    source text,
    facet text,
    value text,
    n bigint not null,
    primary key (source, facet, value)
);

-- Argument: the table of rows. Gives a query for the values of `changed`, one row each.
create function facet_values(source text) returns text language sql immutable as $$
    select string_agg(part, ' union all ') from (
        select format('select %L, unnest(%I) from changed union all select %L, ''none'' from changed where %I = ''{}''',
                      facet, facet, facet, facet) as part
        from unnest(array['year', 'province', 'place', 'crime_type', 'campaign']) facet
        union all
        select format('select %L, %I from changed', facet, facet)
        from unnest(array['publisher', 'kind', 'language']
                    || case when source = 'cases_figurerow' then array['measure', 'unit', 'qualifier'] end) facet
        union all
        select 'select ''all'', '''' from changed'
        union all
        select 'select ''role'', role from changed, unnest(place_role) role where role not like ''%:%'''
        where source = 'cases_caserow'
    ) parts
$$;

create function keep_totals() returns trigger language plpgsql as $$
begin
    execute format('insert into cases_facettotal (source, facet, value, n)
                    select %L, facet, value, %s * count(*) from (%s) as t (facet, value)
                    group by facet, value order by facet, value
                    on conflict (source, facet, value) do update set n = cases_facettotal.n + excluded.n',
                   tg_table_name, tg_argv[0], facet_values(tg_table_name));
    return null;
end $$;

do $$
declare
    rows text;
begin
    foreach rows in array array['cases_announcementrow', 'cases_caserow', 'cases_figurerow'] loop
        execute format('create trigger totals_insert after insert on %I referencing new table as changed
                        for each statement execute function keep_totals(''1'')', rows);
        execute format('create trigger totals_delete after delete on %I referencing old table as changed
                        for each statement execute function keep_totals(''-1'')', rows);
        execute format('create trigger totals_update_old after update on %I referencing old table as changed
                        for each statement execute function keep_totals(''-1'')', rows);
        execute format('create trigger totals_update_new after update on %I referencing new table as changed
                        for each statement execute function keep_totals(''1'')', rows);
    end loop;
end $$;
