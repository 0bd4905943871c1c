"""Rules that the database keeps, so that no code path can forget them."""

import pgtrigger


def append_only(name="append_only"):
    """Rows are written once: UPDATE and DELETE raise."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


def no_delete(name="no_delete"):
    """Rows may change but never go."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Delete)


def wakes(channel, name="wake"):
    """Tell the sweeper, at commit, that there is work. Duplicates in a transaction collapse."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=f"PERFORM pg_notify('itsm', '{channel}'); RETURN NULL;",
    )


def audited(name="audit", without=()):
    """Every insert, update and delete of the table becomes an audit entry, whoever did it; an update
    of nothing but columns in `without` is none."""
    drop = "".join(f" - '{column}'" for column in without)
    is_silent = f"""
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD){drop} = to_jsonb(NEW){drop} THEN
            RETURN NULL;
        END IF;"""
    func = f"""{is_silent if without else ""}
        INSERT INTO core_auditentry
            (at, actor_id, actor_label, action, table_name, object_id, before, after, request_id)
        VALUES (
            clock_timestamp(),
            NULLIF(current_setting('itsm.actor_id', true), '')::bigint,
            COALESCE(current_setting('itsm.actor_label', true), ''),
            lower(TG_OP), TG_TABLE_NAME,
            COALESCE(to_jsonb(NEW)->>'id', to_jsonb(OLD)->>'id', ''),
            to_jsonb(OLD){drop}, to_jsonb(NEW){drop},
            COALESCE(current_setting('itsm.request_id', true), '')
        );
        RETURN NULL;
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=func,
    )


def tree(table, name="tree"):
    """Keep `path` ("/1/5/12/") of a table with `parent_id`: two triggers, to be spread into Meta.

    A parent below its own child is refused with a check violation.
    """
    place = f"""
        IF NEW.parent_id IS NULL THEN
            NEW.path := '/' || NEW.id || '/';
        ELSE
            SELECT path INTO STRICT above FROM {table} WHERE id = NEW.parent_id;
            IF strpos(above, '/' || NEW.id || '/') > 0 THEN
                RAISE EXCEPTION 'a tree must not run in a circle' USING ERRCODE = '23514';
            END IF;
            NEW.path := above || NEW.id || '/';
        END IF;
        RETURN NEW;
    """
    spread = f"""
        UPDATE {table} SET path = NEW.path || substr(path, length(OLD.path) + 1)
        WHERE starts_with(path, OLD.path) AND id <> NEW.id;
        RETURN NULL;
    """
    return [
        pgtrigger.Trigger(
            name=f"{name}_place",
            level=pgtrigger.Row,
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
            declare=[("above", "text")],
            func=place,
        ),
        pgtrigger.Trigger(
            name=f"{name}_spread",
            level=pgtrigger.Row,
            when=pgtrigger.After,
            operation=pgtrigger.UpdateOf("parent_id"),
            condition=pgtrigger.Condition("OLD.path IS DISTINCT FROM NEW.path"),
            func=spread,
        ),
    ]
