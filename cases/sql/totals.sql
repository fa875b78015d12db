-- Totals of the whole archive: how many search rows there are with each value of each facet. What keeps them is in
-- counts.sql.

create table cases_facettotal (
    source text,
    facet text,
    value text,
    n bigint not null,
    primary key (source, facet, value)
);
