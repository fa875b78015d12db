-- Verdicts of pairs of figures (cases_verdict), for PostgreSQL 14 and later.
--
-- They are worked out in Python (cases/reconcile.py, cases/verdicts.py), for the announcements that a transaction has
-- changed. Every statement that changes anything a public claim is compared by puts its announcement into
-- `cases_unsettled`; the commit of a transaction of the application settles it and takes it out again
-- (archive/postgres). What is still there when a transaction ends, of whoever writes past the application, loses its
-- verdicts until the next settling, so that none is ever seen out of date.

create table cases_unsettled (
    id bigint generated always as identity primary key,
    announcement_id bigint not null,
    release_id bigint,  -- where it was or is a report of it
    xact xid8 default pg_current_xact_id()
);

-- How a figure stands to others, as a search row holds it.
create function figure_verdicts(figure bigint, report bigint) returns text[] language sql stable as $$
    select coalesce(array_agg(distinct said order by said), '{}') from (
        select verdict from cases_verdict where a_id = figure
        union all
        select verdict from cases_verdict where b_id = figure
        union all
        select 'only_here'
        where not exists (select from cases_verdict where a_id = figure and basis = 'release')
          and not exists (select from cases_verdict where b_id = figure and basis = 'release')
          and exists (select from cases_releasereport mine
                      join cases_releasereport other on other.release_id = mine.release_id and other.announcement_id <> report
                      join cases_announcement o on o.id = other.announcement_id and o.status = 'published'
                      where mine.announcement_id = report)
    ) found (said)
$$;

-- Brings the verdicts in the search rows of some announcements up to date.
create function refresh_verdicts(reports bigint[]) returns void language sql as $$
    update cases_figurerow r set verdict = fresh.verdict
    from (select id, figure_verdicts(id, announcement_id) as verdict from cases_figurerow
          where announcement_id = any (reports)) fresh
    where fresh.id = r.id and r.verdict is distinct from fresh.verdict
$$;

create function drop_unsettled() returns trigger language plpgsql as $$
declare
    concerned bigint[];
begin
    if not exists (select from cases_unsettled where id = new.id) then
        return null;  -- settled
    end if;
    perform pg_advisory_xact_lock(hashtext('cases_stale'));
    with gone as (
        delete from cases_verdict where new.announcement_id in (a_announcement_id, b_announcement_id)
        returning a_announcement_id, b_announcement_id)
    select array_agg(distinct report) into concerned
    from gone, unnest(array[a_announcement_id, b_announcement_id]) report;
    perform refresh_verdicts(concerned);
    return null;
end $$;
create constraint trigger drop_unsettled after insert on cases_unsettled deferrable initially deferred
    for each row execute function drop_unsettled();

-- Of announcements that are not public nothing is compared.
create function unsettle(reports bigint[], release bigint default null) returns void language sql as $$
    insert into cases_unsettled (announcement_id, release_id)
    select id, release from cases_announcement where id = any (reports) and status = 'published' order by id
$$;

-- `changed` is the transition table of old or new rows, the argument a query over it that names the announcements.
create function unsettle_changed() returns trigger language plpgsql as $$
declare
    reports bigint[];
begin
    execute format('select array_agg(distinct id) from (%s) as t (id)', tg_argv[0]) into reports;
    perform unsettle(reports);
    return null;
end $$;

do $$
declare
    source record;
    event text;
begin
    for source in select * from (values
        ('cases_figure', 'select announcement_id from changed'),
        ('cases_figure_places',
         'select f.announcement_id from changed x join cases_figure f on f.id = x.figure_id'),
        ('cases_figure_crime_types',
         'select f.announcement_id from changed x join cases_figure f on f.id = x.figure_id'),
        ('cases_typicalcase', 'select announcement_id from changed'),
        ('cases_decision',
         'select f.announcement_id from changed x join cases_figure f on f.id in (x.a_id, x.b_id)')
    ) as sources (name, concerned) loop
        foreach event in array array['insert new', 'update old', 'update new', 'delete old'] loop
            execute format('create trigger %I after %s on %I referencing %s table as changed
                            for each statement execute function unsettle_changed(%L)',
                           'unsettle_' || replace(event, ' ', '_'), split_part(event, ' ', 1), source.name,
                           split_part(event, ' ', 2), source.concerned);
        end loop;
    end loop;
end $$;

-- What comes and goes with an announcement, a release and the nodes of the vocabularies.
create function unsettle_row() returns trigger language plpgsql as $$
declare
    was jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
    new_ jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
    reports bigint[];
begin
    case tg_table_name
        when 'cases_announcement' then
            -- What has left the public is no longer public by now.
            insert into cases_unsettled (announcement_id) values (new.id);
        when 'cases_releasereport' then
            if was is not null then
                perform unsettle(array[(was ->> 'announcement_id')::bigint], (was ->> 'release_id')::bigint);
            end if;
            if new_ is not null then
                perform unsettle(array[(new_ ->> 'announcement_id')::bigint], (new_ ->> 'release_id')::bigint);
            end if;
        else
            execute format('select array_agg(distinct id) from (%s) as t (id)', tg_argv[0]) into reports
            using coalesce(new_ ->> 'code', new_ ->> 'slug', new_ ->> 'id');
            perform unsettle(reports);
    end case;
    return null;
end $$;

create trigger unsettle after update on cases_announcement for each row
    when ('published' in (old.status, new.status)
          and (old.status, old.published, old.publisher_id) is distinct from (new.status, new.published, new.publisher_id))
    execute function unsettle_row();
create trigger unsettle_new after insert on cases_announcement for each row when (new.status = 'published')
    execute function unsettle_row();
create trigger unsettle after insert or update or delete on cases_releasereport for each row
    execute function unsettle_row();
create trigger unsettle after update on cases_release for each row
    when (old.fullest_id is distinct from new.fullest_id)
    execute function unsettle_row('select announcement_id from cases_releasereport where release_id = $1::bigint');
create trigger unsettle after update on cases_publisher for each row when (old.slug is distinct from new.slug)
    execute function unsettle_row('select a.id from cases_announcement a join cases_publisher u on u.id = a.publisher_id
                                   where u.slug = $1');
create trigger unsettle after update on cases_campaign for each row
    when ((old.path, old.year) is distinct from (new.path, new.year))
    execute function unsettle_row('select announcement_id from cases_figure where campaign_id = $1');
create trigger unsettle after update on cases_place for each row when (old.path is distinct from new.path)
    execute function unsettle_row('select f.announcement_id from cases_figure_places x
                                   join cases_figure f on f.id = x.figure_id where x.place_id = $1');
create trigger unsettle after update on cases_crimetype for each row when (old.path is distinct from new.path)
    execute function unsettle_row('select f.announcement_id from cases_figure_crime_types x
                                   join cases_figure f on f.id = x.figure_id where x.crimetype_id = $1');

-- A verdict is public: what is said of it is of another version of the data.
do $$
declare
    event text;
begin
    foreach event in array array['insert new', 'update new', 'delete old'] loop
        execute format('create trigger %I after %s on cases_verdict referencing %s table as changed
                        for each statement execute function rows_changed()',
                       'version_' || split_part(event, ' ', 1), split_part(event, ' ', 1), split_part(event, ' ', 2));
    end loop;
end $$;

-- The search rows of figures, with how each stands to others.
alter view cases_figurerow_source rename to figure_rows;
create view cases_figurerow_source as
select r.*, figure_verdicts(r.id, r.announcement_id) as verdict from figure_rows r;

alter function facet_parts(text) rename to parts_of_facts;
create function facet_parts(source text) returns setof text language sql stable as $$
    select parts_of_facts(source)
    union all
    select 'select ''verdict'', unnest(verdict), id from changed
            union all select ''verdict'', ''none'', id from changed where verdict = ''{}'''
    where source = 'cases_figurerow'
$$;

-- Only what is counted in the same way can be compared, whatever an editor says.
create function decision_is_of_one_measure() returns trigger language plpgsql as $$
begin
    if not exists (select from cases_figure a join cases_figure b
                       on b.id = new.b_id and (b.measure_id, b.unit) = (a.measure_id, a.unit)
                   where a.id = new.a_id) then
        raise exception 'decision_is_of_one_measure: figures % and % do not count the same thing in the same unit',
            new.a_id, new.b_id using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger is_of_one_measure after insert or update on cases_decision
    for each row execute function decision_is_of_one_measure();
