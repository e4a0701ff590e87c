-- When a live session begins, how long it lasts, where one joins and what is left of it, and what
-- search engines are told: parts of `content`. A newer server may have told of them already, of every
-- draft and mostly nothing.
update draft
set content = json_patch(
        coalesce(content, '{}'),
        json_object('starts_at', json_extract(_extra, '$.starts_at'),
                    'lasts_minutes', json_extract(_extra, '$.lasts_minutes'),
                    'join_link', json_extract(_extra, '$.join_link'),
                    'recording', json_extract(_extra, '$.recording'),
                    'search_title', json_extract(_extra, '$.search_title'),
                    'search_description', json_extract(_extra, '$.search_description')))
where json_extract(_extra, '$.starts_at') is not null
   or json_extract(_extra, '$.join_link') <> ''
   or json_extract(_extra, '$.recording') <> ''
   or json_extract(_extra, '$.search_title') <> ''
   or json_extract(_extra, '$.search_description') <> '';

update draft
set _extra = nullif(json_remove(_extra, '$.starts_at', '$.lasts_minutes', '$.join_link',
                                '$.recording', '$.search_title', '$.search_description'), '{}')
where json_type(_extra, '$.join_link') is not null;
