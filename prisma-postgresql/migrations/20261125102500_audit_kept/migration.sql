-- A trail goes only with its whole tenant, once that is marked as deleting or gone. Nobody names an exception any more.
-- What refuses says so with the constraint 'audit_trail', by which the adapter knows it.

DROP TRIGGER "audit_is_append_only" ON "audit";
DROP TRIGGER "audit_is_not_emptied" ON "audit";
DROP FUNCTION "tenon_refuse_audit_change"();

CREATE FUNCTION "tenon_refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'Audit trails are never changed: % of % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_trail';
END $$;

-- Looks up whatever row-level security hides from the statement: whoever chooses the tenant of a session must not choose what is
-- found here. Tables are named with their schema, so that no temporary table takes their place.
CREATE FUNCTION "tenon_keep_audit"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before text := current_setting('tenon.system', true);
  kept boolean;
BEGIN
  PERFORM set_config('tenon.system', 'on', true);
  -- The app's own trail has the id of no tenant, and stays.
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM gone LEFT JOIN %I.tenants AS t ON t.id = gone.tenant_id
    WHERE t.status <> ''deleting'' OR gone.tenant_id = ''00000000-0000-0000-0000-000000000000'')', TG_TABLE_SCHEMA) INTO kept;
  -- The end of a trail goes last: as long as it is there, what is missing is found.
  IF NOT kept AND TG_TABLE_NAME = 'audit_heads' THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM gone WHERE EXISTS (
      SELECT 1 FROM %I.audit AS a WHERE a.tenant_id = gone.tenant_id))', TG_TABLE_SCHEMA) INTO kept;
  END IF;
  PERFORM set_config('tenon.system', coalesce(before, ''), true);
  IF kept THEN
    RAISE EXCEPTION 'An audit trail goes only as a whole, with its tenant: DELETE of % is refused', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_trail';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER "audit_is_append_only" BEFORE UPDATE ON "audit"
  FOR EACH ROW EXECUTE FUNCTION "tenon_refuse_audit_change"();
CREATE TRIGGER "audit_is_not_emptied" BEFORE TRUNCATE ON "audit"
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_refuse_audit_change"();
CREATE TRIGGER "audit_is_kept" AFTER DELETE ON "audit" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_keep_audit"();

-- The end of a trail moves on, never back.
CREATE TRIGGER "audit_heads_move_on" BEFORE UPDATE ON "audit_heads" FOR EACH ROW
  WHEN (NEW.tenant_id <> OLD.tenant_id OR NEW.sequence <= OLD.sequence)
  EXECUTE FUNCTION "tenon_refuse_audit_change"();
CREATE TRIGGER "audit_heads_are_not_emptied" BEFORE TRUNCATE ON "audit_heads"
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_refuse_audit_change"();
CREATE TRIGGER "audit_heads_are_kept" AFTER DELETE ON "audit_heads" REFERENCING OLD TABLE AS gone
  FOR EACH STATEMENT EXECUTE FUNCTION "tenon_keep_audit"();

-- Otherwise a tenant could be marked, or be away, for as long as it takes to remove an entry.
CREATE FUNCTION "tenon_refuse_tenant_return"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before text := current_setting('tenon.system', true);
  refused boolean := true;
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM set_config('tenon.system', 'on', true);
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %1$I.audit_heads WHERE tenant_id = $1)
      AND NOT EXISTS (SELECT 1 FROM %1$I.tenants WHERE id = $1)', TG_TABLE_SCHEMA) INTO refused USING NEW.id;
    PERFORM set_config('tenon.system', coalesce(before, ''), true);
  END IF;
  IF refused THEN
    RAISE EXCEPTION 'A tenant whose audit trail may have been removed does not come back'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_trail';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "tenants_stay_deleting" BEFORE UPDATE ON "tenants" FOR EACH ROW
  WHEN (NEW.id <> OLD.id OR (OLD.status = 'deleting' AND NEW.status <> 'deleting'))
  EXECUTE FUNCTION "tenon_refuse_tenant_return"();
CREATE TRIGGER "tenants_return_without_trail" BEFORE INSERT ON "tenants"
  FOR EACH ROW EXECUTE FUNCTION "tenon_refuse_tenant_return"();
