-- The flat rows that lists are filtered, counted and sorted by (cases_announcementrow, …caserow, …figurerow).
--
-- The views say, slowly and plainly, what a row holds. `refresh_rows` copies them for one announcement.
-- Every statement that changes anything a row is made of puts the announcements concerned into
-- `cases_stale`; a deferred trigger on that table refreshes each of them once, when the transaction ends.
-- Two transactions that touch the same announcement wait for each other at its row in `cases_stale`.

-- Distinct values of several paths ("a parent finds its children"), sorted.
create function merged(paths text[]) returns text[] language sql immutable parallel safe
    return (select coalesce(array_agg(distinct x order by x), '{}') from unnest(paths) x);

create aggregate path_union(text[]) (sfunc = array_cat, stype = text[], initcond = '{}', finalfunc = merged, parallel = safe);

create view announcement_facts as
select a.id,
       a.id as announcement_id,
       (select coalesce(array_agg(distinct c.year::text order by c.year::text), '{}')
        from cases_campaignmention m join cases_campaign c on c.slug = m.campaign_id
        where m.announcement_id = a.id and c.year is not null) as year,
       (select coalesce(array_agg(distinct root.slug::text order by root.slug::text), '{}')
        from cases_announcement_places ap join cases_place p on p.code = ap.place_id
        join cases_place root on root.code = p.path[1] where ap.announcement_id = a.id) as province,
       (select path_union(p.path) from cases_announcement_places ap join cases_place p on p.code = ap.place_id
        where ap.announcement_id = a.id) as place,
       (select path_union(t.path) from cases_announcement_crime_types at join cases_crimetype t on t.code = at.crimetype_id
        where at.announcement_id = a.id) as crime_type,
       (select path_union(c.path) from cases_campaignmention m join cases_campaign c on c.slug = m.campaign_id
        where m.announcement_id = a.id) as campaign,
       u.slug::text as publisher,
       a.kind::text as kind,
       a.language::text as language,
       a.published_span as published,
       lower(a.published_span) as day
from cases_announcement a join cases_publisher u on u.id = a.publisher_id
where a.status = 'published';

create view case_facts as
select c.id,
       a.announcement_id,
       a.year,
       (select coalesce(array_agg(distinct root.slug::text order by root.slug::text), '{}')
        from cases_caseplace cp join cases_place p on p.code = cp.place_id
        join cases_place root on root.code = p.path[1] where cp.case_id = c.id) as province,
       (select path_union(p.path) from cases_caseplace cp join cases_place p on p.code = cp.place_id
        where cp.case_id = c.id) as place,
       (select path_union(t.path) from cases_typicalcase_crime_types ct join cases_crimetype t on t.code = ct.crimetype_id
        where ct.typicalcase_id = c.id) as crime_type,
       a.campaign, a.publisher, a.kind, a.language, a.published, a.day,
       (select coalesce(array_agg(distinct cp.role || node order by cp.role || node), '{}')
        from cases_caseplace cp join cases_place p on p.code = cp.place_id,
             unnest(array[''] || array(select ':' || code from unnest(p.path) code)) node
        where cp.case_id = c.id) as place_role
from cases_typicalcase c join announcement_facts a on a.id = c.announcement_id;

-- A figure's places and crime types are its own, else its case's, never its announcement's.
create view figure_facts as
select f.id,
       f.announcement_id,
       case when g.year is null then '{}' else array[g.year::text] end as year,
       coalesce(own_place.province, case_place.province, '{}') as province,
       coalesce(own_place.place, case_place.place, '{}') as place,
       coalesce(own_crime.crime_type, case_crime.crime_type, '{}') as crime_type,
       coalesce(g.path, '{}') as campaign,
       u.slug::text as publisher,
       a.kind::text as kind,
       a.language::text as language,
       a.published_span as published,
       lower(a.published_span) as day,
       f.case_id,
       f.measure_id::text as measure,
       f.unit::text as unit,
       f.qualifier::text as qualifier,
       f.value,
       f.interval
from cases_figure f
join cases_announcement a on a.id = f.announcement_id and a.status = 'published'
join cases_publisher u on u.id = a.publisher_id
left join cases_campaign g on g.slug = f.campaign_id
left join lateral (select array_agg(distinct root.slug::text order by root.slug::text) as province,
                          nullif(path_union(p.path), '{}') as place
                   from cases_figure_places fp join cases_place p on p.code = fp.place_id
                   join cases_place root on root.code = p.path[1] where fp.figure_id = f.id) own_place on true
left join lateral (select array_agg(distinct root.slug::text order by root.slug::text) as province,
                          nullif(path_union(p.path), '{}') as place
                   from cases_caseplace cp join cases_place p on p.code = cp.place_id
                   join cases_place root on root.code = p.path[1] where cp.case_id = f.case_id) case_place on true
left join lateral (select nullif(path_union(t.path), '{}') as crime_type
                   from cases_figure_crime_types ft join cases_crimetype t on t.code = ft.crimetype_id
                   where ft.figure_id = f.id) own_crime on true
left join lateral (select nullif(path_union(t.path), '{}') as crime_type
                   from cases_typicalcase_crime_types ct join cases_crimetype t on t.code = ct.crimetype_id
                   where ct.typicalcase_id = f.case_id) case_crime on true;

-- The words a record is found by, heaviest first. Places, crime types and campaigns are found by every name they
-- have, and by the names of what they are part of; a campaign's own lexeme, 'campaign/slug', stands for all its names.
-- The words of each node of a vocabulary are kept, since thousands of records share them.
create table cases_nodewords (
    kind text,
    code text,
    words tsvector not null,
    primary key (kind, code)
);

-- Arguments: the kind, and the column of the changed rows with the node's code.
create function keep_node_words() returns trigger language plpgsql as $$
declare
    nodes text[];
begin
    execute format('select array_agg(distinct %I::text) from changed', tg_argv[1]) into nodes;
    delete from cases_nodewords
    where kind = tg_argv[0] and code = any (nodes) and words_of_node(kind, code) is null;
    insert into cases_nodewords (kind, code, words)
    select tg_argv[0], node, words_of_node(tg_argv[0], node) from unnest(nodes) node
    where words_of_node(tg_argv[0], node) is not null
    on conflict (kind, code) do update set words = excluded.words;
    return null;
end $$;

do $$
declare
    source record;
    event text;
begin
    for source in select * from (values
        ('cases_place', 'place', 'code'), ('cases_placename', 'place', 'place_id'),
        ('cases_crimetype', 'crime_type', 'code'),
        ('cases_campaign', 'campaign', 'slug'), ('cases_campaignname', 'campaign', 'campaign_id')
    ) as sources (name, kind, code) loop
        foreach event in array array['insert new', 'update old', 'update new', 'delete old'] loop
            execute format('create trigger %I after %s on %I referencing %s table as changed
                            for each statement execute function keep_node_words(%L, %L)',
                           'keep_words_' || replace(event, ' ', '_'), split_part(event, ' ', 1), source.name,
                           split_part(event, ' ', 2), source.kind, source.code);
        end loop;
    end loop;
end $$;

create aggregate vector_union(tsvector) (sfunc = tsvector_concat, stype = tsvector, initcond = '', parallel = safe);

create function words_of(which text, codes text[], weight "char") returns tsvector language sql stable as $$
    select setweight(vector_union(words order by code), weight) from cases_nodewords
    where kind = which and code = any (codes)
$$;

create function campaign_lexemes(slugs text[]) returns tsvector language sql immutable parallel safe as $$
    select coalesce(string_agg(quote_literal('campaign/' || slug) || ':1B', ' '), '')::tsvector from unnest(slugs) slug
$$;

create view cases_announcementrow_source as
select f.*,
       search_vector(concat_ws(' · ', a.title, a.title_zh), 'A')
       || search_vector(concat_ws(' · ', m.names), 'B') || words_of('campaign', f.campaign, 'B')
       || search_vector(concat_ws(' · ', a.abstract, u.name, u.name_zh), 'C')
       || words_of('place', f.place, 'C') || words_of('crime_type', f.crime_type, 'C')
       || search_vector(concat_ws(' · ', t.text, g.phrases), 'D')
       || campaign_lexemes(f.campaign) as doc
from announcement_facts f
join cases_announcement a on a.id = f.id
join cases_publisher u on u.id = a.publisher_id
left join lateral (select string_agg(concat_ws(' · ', name_zh, array_to_string(aliases, ' · ')), ' · ' order by id) as names
                   from cases_campaignmention where announcement_id = f.id) m on true
-- A text that is hidden from readers is not found by its words either.
left join lateral (select case when display <> 'hidden' then text end as text from cases_textversion
                   where announcement_id = f.id order by n desc limit 1) t on true
left join lateral (select string_agg(concat_ws(' · ', phrase, trim_scale(value)::text, trim_scale(value_high)::text),
                                     ' · ' order by position) as phrases
                   from cases_figure where announcement_id = f.id) g on true;

create view cases_caserow_source as
select f.*,
       search_vector(concat_ws(' · ', c.heading, c.code_name), 'A')
       || words_of('campaign', f.campaign, 'B')
       || search_vector(c.summary, 'C') || words_of('place', f.place, 'C')
       || words_of('crime_type', f.crime_type, 'C')
       || search_vector(concat_ws(' · ', s.passage), 'D')
       || campaign_lexemes(f.campaign) as doc
from case_facts f
join cases_typicalcase c on c.id = f.id
left join lateral (select substr(t.text, s.start + 1, s."end" - s.start) as passage
                   from cases_span s join cases_textversion t on t.id = s.text_version_id
                   where s.case_id = f.id and t.display <> 'hidden' order by t.n desc, s.start limit 1) s on true;

create view cases_figurerow_source as
select f.*,
       search_vector(concat_ws(' · ', g.phrase, m.label_en, m.label_zh, trim_scale(g.value)::text,
                               trim_scale(g.value_high)::text), 'A')
       || words_of('campaign', f.campaign, 'B')
       || search_vector(g.note, 'C') || words_of('place', f.place, 'C')
       || words_of('crime_type', f.crime_type, 'C')
       || campaign_lexemes(f.campaign) as doc
from figure_facts f
join cases_figure g on g.id = f.id
join cases_measure m on m.code = g.measure_id;

-- Announcements whose rows are out of date in this transaction. Empty whenever nothing is under way.
create table cases_stale (announcement_id bigint primary key);

create constraint trigger refresh_stale after insert on cases_stale deferrable initially deferred
    for each row execute function refresh_stale();

-- Statement triggers: `changed` is the transition table of old or new rows, `argument` a query over it
-- that names the announcements concerned.
create function mark_stale() returns trigger language plpgsql as $$
begin
    if not exists (select from cases_announcement) then
        return null;  -- vocabularies are loaded before anything names them
    end if;
    execute format('insert into cases_stale select distinct id from (%s) as t (id) where id is not null
                    order by id on conflict do nothing', tg_argv[0]);
    return null;
end $$;

do $$
declare
    source record;
    event text;
    campaigns text :=
        'with below as (select distinct c.slug from changed x join cases_campaign c on c.path @> array[x.%I::text])
         select m.announcement_id from below join cases_campaignmention m on m.campaign_id = below.slug
         union all select f.announcement_id from below join cases_figure f on f.campaign_id = below.slug';
    places text :=
        'with below as (select distinct p.code from changed x join cases_place p on p.path @> array[x.%I::text])
         select ap.announcement_id from below join cases_announcement_places ap on ap.place_id = below.code
         union all select cp.announcement_id from below join cases_caseplace cp on cp.place_id = below.code
         union all select f.announcement_id from below join cases_figure_places fp on fp.place_id = below.code
           join cases_figure f on f.id = fp.figure_id';
begin
    for source in select * from (values
        ('cases_announcement', 'select id from changed'),
        ('cases_typicalcase', 'select announcement_id from changed'),
        ('cases_figure', 'select announcement_id from changed'),
        ('cases_campaignmention', 'select announcement_id from changed'),
        ('cases_caseplace', 'select announcement_id from changed'),
        ('cases_announcement_places', 'select announcement_id from changed'),
        ('cases_announcement_crime_types', 'select announcement_id from changed'),
        ('cases_typicalcase_crime_types',
         'select c.announcement_id from changed x join cases_typicalcase c on c.id = x.typicalcase_id'),
        ('cases_figure_places',
         'select f.announcement_id from changed x join cases_figure f on f.id = x.figure_id'),
        ('cases_figure_crime_types',
         'select f.announcement_id from changed x join cases_figure f on f.id = x.figure_id'),
        ('cases_textversion', 'select announcement_id from changed'),
        ('cases_span', 'select announcement_id from changed where case_id is not null'),
        ('cases_publisher', 'select a.id from changed x join cases_announcement a on a.publisher_id = x.id'),
        ('cases_measure',
         'select f.announcement_id from changed x join cases_figure f on f.measure_id = x.code'),
        -- A node of a vocabulary concerns what names it or anything below it.
        ('cases_campaign', format(campaigns, 'slug')),
        ('cases_campaignname', format(campaigns, 'campaign_id')),
        ('cases_crimetype',
         'with below as (select distinct t.code from changed x join cases_crimetype t on t.path @> array[x.code::text])
          select at.announcement_id from below join cases_announcement_crime_types at on at.crimetype_id = below.code
          union all select c.announcement_id from below
            join cases_typicalcase_crime_types ct on ct.crimetype_id = below.code
            join cases_typicalcase c on c.id = ct.typicalcase_id
          union all select f.announcement_id from below
            join cases_figure_crime_types ft on ft.crimetype_id = below.code
            join cases_figure f on f.id = ft.figure_id'),
        ('cases_place', format(places, 'code')),
        ('cases_placename', format(places, 'place_id'))
    ) as sources (name, concerned) loop
        -- An update concerns the announcement a row belonged to and the one it belongs to.
        foreach event in array array['insert new', 'update old', 'update new', 'delete old'] loop
            execute format('create trigger %I after %s on %I referencing %s table as changed
                            for each statement execute function mark_stale(%L)',
                           'stale_' || replace(event, ' ', '_'), split_part(event, ' ', 1), source.name,
                           split_part(event, ' ', 2), source.concerned);
        end loop;
    end loop;
end $$;
