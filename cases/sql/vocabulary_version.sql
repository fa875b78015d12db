-- What the values of a facet are called, and what they are part of, is public whether or not a record has them; a
-- publisher or a campaign is public with the first record that has it.
create function vocabulary_changed() returns trigger language plpgsql as $$
declare
    entry jsonb := coalesce(to_jsonb(new), to_jsonb(old));
begin
    if tg_op = 'UPDATE' and new is not distinct from old then
        return null;
    end if;
    if tg_nargs = 0 or exists (select from cases_facettotal
                               where facet = tg_argv[0] and value = entry ->> tg_argv[1] and n > 0) then
        perform note_public_change();
    end if;
    return null;
end $$;

-- At the end of the transaction: a long import must not keep others waiting for the lock that the note is made under.
do $$
declare
    vocabulary text;
begin
    foreach vocabulary in array array['crimetype()', 'measure()', 'place()', 'placename()',
                                      'publisher(publisher, slug)', 'campaign(campaign, slug)',
                                      'campaignname(campaign, campaign_id)'] loop
        execute format('create constraint trigger version after insert or update or delete on %I
                        deferrable initially deferred for each row execute function vocabulary_changed(%s)',
                       'cases_' || split_part(vocabulary, '(', 1), rtrim(split_part(vocabulary, '(', 2), ')'));
    end loop;
end $$;
