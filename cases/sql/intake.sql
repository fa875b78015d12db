-- The address of a page as such: scheme, "www." and "m.", the case of the host, a default port, what only tracks the
-- reader, the place within the page and a slash at the end aside. Addresses are compared by its hash.
create or replace function page_of(url text) returns text
language sql immutable parallel safe
as $$
    select md5(lower(split_part(bare, '/', 1)) || regexp_replace(substr(bare, length(split_part(bare, '/', 1)) + 1),
        '/(\?.*)?$', '\1'))
    from (
        select regexp_replace(regexp_replace(regexp_replace(regexp_replace(
            url, '#.*$', ''),
            '^\s*https?://(www\.|m\.)?([^/?]*?)(:80|:443)?(?=[/?]|$)', '\2', 'i'),
            '([?&])((utm_[^=&]*|fbclid|gclid|spm)=[^&]*(&|$))+', '\1', 'g'),
            '(/index\.s?html?)?[?&]*$', '')
    ) as without(bare)
$$;
