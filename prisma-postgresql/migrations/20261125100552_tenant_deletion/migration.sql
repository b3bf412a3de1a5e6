-- CreateIndex
CREATE INDEX "tenants_status_idx" ON "tenants"("status", "id");
