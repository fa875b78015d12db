-- What the models cannot say in Django's terms, and no writer may escape.

-- A figure's case, the figure it is part of, a case's place and a span's evidence belong to the same announcement.
alter table cases_figure
    add constraint figure_case_of_same_announcement foreign key (announcement_id, case_id)
        references cases_typicalcase (announcement_id, id) deferrable initially deferred,
    add constraint figure_part_of_same_announcement foreign key (announcement_id, part_of_id)
        references cases_figure (announcement_id, id) deferrable initially deferred,
    add constraint figure_converted_from_same_announcement foreign key (announcement_id, converted_from_id)
        references cases_figure (announcement_id, id) deferrable initially deferred;
alter table cases_caseplace
    add constraint case_place_of_same_announcement foreign key (announcement_id, case_id)
        references cases_typicalcase (announcement_id, id) deferrable initially deferred;
alter table cases_span
    add constraint span_figure_of_same_announcement foreign key (announcement_id, figure_id)
        references cases_figure (announcement_id, id) deferrable initially deferred,
    add constraint span_case_of_same_announcement foreign key (announcement_id, case_id)
        references cases_typicalcase (announcement_id, id) deferrable initially deferred,
    add constraint span_text_of_same_announcement foreign key (announcement_id, text_version_id)
        references cases_textversion (announcement_id, id) deferrable initially deferred;

-- "Not a number" is greater than every number to PostgreSQL, and would pass for one.
alter table cases_figure
    add constraint figure_numbers_are_numbers check ('NaN' not in (value, step, coalesce(value_high, 0)));

-- path: a node's ancestors and itself, from the root. Argument: the key column.
create function vocabulary_path() returns trigger language plpgsql as $$
declare
    own text := to_jsonb(new) ->> tg_argv[0];
    above text[];
begin
    if new.parent_id is not null then
        execute format('select path from %I where %I = $1', tg_table_name, tg_argv[0]) into above using new.parent_id;
        if own = any (above) then
            raise exception '%_not_its_own_ancestor: % cannot be part of %', tg_table_name, own, new.parent_id
                using errcode = 'check_violation';
        end if;
    end if;
    new.path := coalesce(above, '{}') || own;
    return new;
end $$;

create function vocabulary_path_of_children() returns trigger language plpgsql as $$
begin
    execute format('update %I set parent_id = parent_id where parent_id = $1', tg_table_name)
        using to_jsonb(new) ->> tg_argv[0];
    return null;
end $$;

create trigger path before insert or update on cases_place for each row execute function vocabulary_path('code');
create trigger path before insert or update on cases_crimetype for each row execute function vocabulary_path('code');
create trigger path before insert or update on cases_campaign for each row execute function vocabulary_path('slug');
create trigger path_of_children after insert on cases_place
    for each row execute function vocabulary_path_of_children('code');
create trigger path_of_children after insert on cases_crimetype
    for each row execute function vocabulary_path_of_children('code');
create trigger path_of_children after insert on cases_campaign
    for each row execute function vocabulary_path_of_children('slug');
create trigger path_of_children_changed after update on cases_place
    for each row when (old.path is distinct from new.path) execute function vocabulary_path_of_children('code');
create trigger path_of_children_changed after update on cases_crimetype
    for each row when (old.path is distinct from new.path) execute function vocabulary_path_of_children('code');
create trigger path_of_children_changed after update on cases_campaign
    for each row when (old.path is distinct from new.path) execute function vocabulary_path_of_children('slug');

-- A figure is counted in a unit of its measure.
create function figure_unit_of_measure() returns trigger language plpgsql as $$
begin
    if not exists (select from cases_measure where code = new.measure_id and new.unit = any (units)) then
        raise exception 'figure_unit_of_measure: % is not counted in %', new.measure_id, new.unit
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger unit_of_measure after insert or update of measure_id, unit on cases_figure
    for each row execute function figure_unit_of_measure();

-- ... and stays so when the measure changes.
create function measure_units_still_stand() returns trigger language plpgsql as $$
begin
    if exists (select from cases_figure where measure_id = new.code and unit <> all (new.units)) then
        raise exception 'units_still_stand: figures of % are counted in a unit that it would lose', new.code
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger units_still_stand after update of units on cases_measure
    for each row when (old.units is distinct from new.units) execute function measure_units_still_stand();

-- Deferred triggers look at what stands when the transaction ends: `new` may be a state on the way there.

-- "Same case as" leads to the fullest telling in one step, in another announcement.
create function case_same_as_without_chain() returns trigger language plpgsql as $$
begin
    -- Whoever makes the fullest telling lead on at this moment is waited for.
    perform from cases_typicalcase where id = new.same_as_id for no key update;
    if exists (select from cases_typicalcase c join cases_typicalcase fullest on fullest.id = c.same_as_id
               where (c.id = new.id or c.same_as_id = new.id)
                 and (fullest.same_as_id is not null or fullest.announcement_id = c.announcement_id)) then
        raise exception 'case_same_as_without_chain: case % must lead straight to a fullest telling elsewhere', new.id
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger same_as_without_chain after insert or update of same_as_id, announcement_id
    on cases_typicalcase deferrable initially deferred
    for each row execute function case_same_as_without_chain();

-- A figure is no part of itself, whatever lies between.
create function figure_part_of_without_circle() returns trigger language plpgsql as $$
begin
    if exists (with recursive whole as (
                   select id, part_of_id from cases_figure where id = new.id
                   union
                   select f.id, f.part_of_id from cases_figure f join whole on f.id = whole.part_of_id)
               select from whole where part_of_id = new.id) then
        raise exception 'figure_part_of_without_circle: figure % would be a part of its own part', new.id
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger part_of_without_circle after insert or update of part_of_id on cases_figure
    deferrable initially deferred
    for each row when (new.part_of_id is not null) execute function figure_part_of_without_circle();

-- A text goes only with its announcement; what must not be read any more is redacted.
create function text_version_never_deleted() returns trigger language plpgsql as $$
begin
    if exists (select from cases_announcement where id = old.announcement_id) then
        raise exception 'text_version_never_deleted: text % stays with its announcement; redact it', old.n
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger never_deleted after delete on cases_textversion deferrable initially deferred
    for each row execute function text_version_never_deleted();

-- A span is the phrase that stands there, white space and width aside; a figure's span is the figure's phrase.
create function span_is_the_phrase() returns trigger language plpgsql as $$
declare
    whole text;
    expected text := new.phrase;
begin
    if new.target = 'title' then
        select title into whole from cases_announcement where id = new.announcement_id;
    else
        select text into whole from cases_textversion where id = new.text_version_id;
    end if;
    if new.figure_id is not null then
        select phrase into expected from cases_figure where id = new.figure_id;
    end if;
    if new."end" > char_length(whole) then
        raise exception 'span_is_the_phrase: the span ends at %, after the end of the %', new."end", new.target
            using errcode = 'check_violation';
    end if;
    if new.case_id is null and (squash(substr(whole, new.start + 1, new."end" - new.start)) <> squash(expected)
                                or squash(new.phrase) <> squash(expected)) then
        raise exception 'span_is_the_phrase: % to % of the % is not "%"', new.start, new."end", new.target, expected
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger is_the_phrase after insert or update on cases_span
    for each row execute function span_is_the_phrase();

-- A changed phrase or title must not leave a span that is no longer it (checked when the transaction ends).
create function spans_of_figure_still_stand() returns trigger language plpgsql as $$
begin
    if exists (select from cases_span s join cases_figure f on f.id = s.figure_id
               where f.id = new.id and squash(s.phrase) <> squash(f.phrase)) then
        raise exception 'spans_still_stand: evidence of figure % is no longer its words', new.id
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create function spans_of_title_still_stand() returns trigger language plpgsql as $$
begin
    if exists (select from cases_span s join cases_announcement a on a.id = s.announcement_id
               where a.id = new.id and s.target = 'title' and s.case_id is null
                 and squash(s.phrase) <> squash(substr(a.title, s.start + 1, s."end" - s.start))) then
        raise exception 'spans_still_stand: evidence in the title of announcement % is no longer there', new.id
            using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger spans_still_stand after update of phrase on cases_figure deferrable initially deferred
    for each row when (old.phrase <> new.phrase) execute function spans_of_figure_still_stand();
create constraint trigger spans_still_stand after update of title on cases_announcement deferrable initially deferred
    for each row when (old.title <> new.title) execute function spans_of_title_still_stand();

-- An id once issued to the public answers for ever: what is deleted leaves a tombstone.
create function leave_tombstone() returns trigger language plpgsql as $$
declare
    was_public boolean;
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
        insert into cases_tombstone (kind, record_id, label, reason)
        values (tg_argv[0], old.id, coalesce(to_jsonb(old) ->> tg_argv[1], ''), 'deleted')
        on conflict (kind, record_id) do nothing;
    end if;
    return null;
end $$;
create trigger leave_tombstone after delete on cases_announcement
    for each row execute function leave_tombstone('announcement', 'key');
create trigger leave_tombstone after delete on cases_typicalcase
    for each row execute function leave_tombstone('case', 'heading');
create trigger leave_tombstone after delete on cases_figure
    for each row execute function leave_tombstone('figure', 'ref');
create trigger leave_tombstone after delete on cases_release
    for each row execute function leave_tombstone('release', 'name');
