-- Where a text of an announcement is stored, whoever writes the phrase of a figure writes words that stand in it, or in the
-- title. A text that is stored later and has them no more is not refused: texts are stored as they are found, and the figure
-- then has no evidence in that one.

-- Figures whose words stood nowhere when they were written. Empty whenever nothing is under way.
create table cases_unfounded (figure_id bigint primary key);

create function figure_phrase_is_nowhere(figure bigint) returns boolean language plpgsql stable as $$
declare
    own record;
begin
    select f.announcement_id, squash(f.phrase) as words, a.title into own
    from cases_figure f join cases_announcement a on a.id = f.announcement_id where f.id = figure;
    return found
        and exists (select from cases_textversion where announcement_id = own.announcement_id and text <> '')
        and position(own.words in squash(own.title)) = 0
        and not exists (select from cases_textversion
                        where announcement_id = own.announcement_id and position(own.words in squash(text)) > 0);
end $$;

create function note_unfounded() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and squash(new.phrase) = squash(old.phrase) and new.announcement_id = old.announcement_id then
        return null;
    end if;
    if figure_phrase_is_nowhere(new.id) then
        insert into cases_unfounded values (new.id) on conflict do nothing;
    end if;
    return null;
end $$;
create trigger note_unfounded after insert or update of phrase, announcement_id on cases_figure
    for each row execute function note_unfounded();

-- Looked at again when the transaction ends: the text may be stored after the figure.
create function figure_phrase_stands_in_a_text() returns trigger language plpgsql as $$
begin
    delete from cases_unfounded where figure_id = new.figure_id;
    if figure_phrase_is_nowhere(new.figure_id) then
        raise exception 'figure_phrase_stands_in_a_text: “%” stands in no text of the announcement',
            (select phrase from cases_figure where id = new.figure_id) using errcode = 'check_violation';
    end if;
    return null;
end $$;
create constraint trigger phrase_stands_in_a_text after insert on cases_unfounded deferrable initially deferred
    for each row execute function figure_phrase_stands_in_a_text();
