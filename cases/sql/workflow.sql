-- What is gone leads on in one step: to a record that does not itself lead on.
create function tombstone_leads_on_in_one_step() returns trigger language plpgsql as $$
declare
    further bigint;
begin
    if new.moved_to is not null then
        select moved_to into further from cases_tombstone
        where kind = new.kind and record_id = new.moved_to and moved_to is not null;
        new.moved_to := coalesce(further, new.moved_to);
    end if;
    return new;
end $$;
create function tombstones_before_lead_on() returns trigger language plpgsql as $$
begin
    update cases_tombstone set moved_to = new.moved_to
    where kind = new.kind and moved_to = new.record_id and record_id <> new.moved_to;
    return null;
end $$;
create trigger leads_on_in_one_step before insert or update of moved_to on cases_tombstone
    for each row execute function tombstone_leads_on_in_one_step();
create trigger those_before_lead_on after insert or update of moved_to on cases_tombstone
    for each row when (new.moved_to is not null) execute function tombstones_before_lead_on();

-- A case that is deleted leads to the fullest telling of the same case, if the public can read that.
create or replace function leave_tombstone() returns trigger language plpgsql as $$
declare
    was_public boolean;
    told_at bigint;
begin
    if tg_table_name = 'cases_release' then
        was_public := true;
    elsif tg_table_name = 'cases_announcement' then
        was_public := old.status in ('published', 'withdrawn');
    else
        select coalesce(bool_or(status in ('published', 'withdrawn')), true) into was_public
        from cases_announcement where id = old.announcement_id;
    end if;
    if was_public then
        if tg_table_name = 'cases_typicalcase' then
            select c.id into told_at from cases_typicalcase c
            join cases_announcement a on a.id = c.announcement_id and a.status = 'published'
            where c.id = (to_jsonb(old) ->> 'same_as_id')::bigint;
        end if;
        insert into cases_tombstone (kind, record_id, label, reason, moved_to)
        values (tg_argv[0], old.id, coalesce(to_jsonb(old) ->> tg_argv[1], ''), 'deleted', told_at)
        on conflict (kind, record_id) do nothing;
    end if;
    return null;
end $$;
