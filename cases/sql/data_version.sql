-- The version of the public data: one number, which every transaction raises that changes anything public. Whatever is
-- read in one snapshot with it is of that version, so that the same version and the same address are the same bytes.
create table cases_dataversion (
    n bigint not null,
    changed_at timestamptz not null default now(),
    single boolean primary key default true check (single)
);
insert into cases_dataversion (n) values (1);

-- Whether this transaction has changed anything public. Empty whenever nothing is under way.
create table cases_publicchange (single boolean primary key default true check (single));

create function note_public_change() returns void language sql as $$
    -- The lock that refreshed rows are taken under: two transactions that wait for each other would wait for ever.
    select pg_advisory_xact_lock(hashtext('cases_stale'));
    insert into cases_publicchange default values on conflict do nothing;
$$;

create function raise_data_version() returns trigger language plpgsql as $$
begin
    delete from cases_publicchange;
    if found then
        update cases_dataversion set n = n + 1, changed_at = now();
    end if;
    return null;
end $$;
create constraint trigger raise_data_version after insert on cases_publicchange deferrable initially deferred
    for each row execute function raise_data_version();

-- The search rows are written anew whenever anything changes that a public record says ...
create function rows_changed() returns trigger language plpgsql as $$
begin
    if exists (select from changed) then
        perform note_public_change();
    end if;
    return null;
end $$;

do $$
declare
    rows text;
    event text;
begin
    foreach rows in array array['cases_announcementrow', 'cases_caserow', 'cases_figurerow'] loop
        foreach event in array array['insert new', 'update new', 'delete old'] loop
            execute format('create trigger %I after %s on %I referencing %s table as changed
                            for each statement execute function rows_changed()',
                           'version_' || split_part(event, ' ', 1), split_part(event, ' ', 1), rows,
                           split_part(event, ' ', 2));
        end loop;
    end loop;
end $$;

-- ... but for what it says of releases.
create function release_changed() returns trigger language plpgsql as $$
declare
    reports jsonb := case when tg_table_name = 'cases_release' then jsonb_build_object('release_id', new.id)
                          else coalesce(to_jsonb(new), to_jsonb(old)) end;
begin
    if exists (select from cases_announcement a
               where a.status = 'published'
                 and (a.id = (reports ->> 'announcement_id')::bigint
                      or reports ->> 'announcement_id' is null
                     and a.id in (select announcement_id from cases_releasereport
                                  where release_id = (reports ->> 'release_id')::bigint))) then
        perform note_public_change();
    end if;
    return null;
end $$;
create constraint trigger version after update on cases_release deferrable initially deferred
    for each row execute function release_changed();
create constraint trigger version after insert or update or delete on cases_releasereport deferrable initially deferred
    for each row execute function release_changed();
