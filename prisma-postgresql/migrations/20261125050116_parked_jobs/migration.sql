-- CreateIndex
CREATE INDEX "dead_letters_parked_idx" ON "dead_letters"("reason", "installation_id", "created_at");
