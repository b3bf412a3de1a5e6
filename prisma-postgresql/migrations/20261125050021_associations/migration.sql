-- CreateTable
CREATE TABLE "associations" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "name" VARCHAR(200) NOT NULL,
    "type" TEXT NOT NULL,
    "primary_object" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "associations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "association_objects" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "installation_id" UUID NOT NULL,
    "association_id" UUID NOT NULL,
    "connection_id" UUID NOT NULL,
    "object_type" VARCHAR(100) NOT NULL,
    "external_id" VARCHAR(500) NOT NULL,
    "role" TEXT NOT NULL,
    "seat" TEXT,
    "metadata" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "association_objects_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "associations_list_idx" ON "associations"("tenant_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "associations_name_key" ON "associations"("installation_id", "name");

-- CreateIndex
CREATE INDEX "association_objects_list_idx" ON "association_objects"("association_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "association_objects_object_idx" ON "association_objects"("connection_id", "object_type", "external_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "association_objects_installation_idx" ON "association_objects"("installation_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "association_objects_object_key" ON "association_objects"("association_id", "connection_id", "object_type", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "association_objects_seat_key" ON "association_objects"("association_id", "seat");

-- AddForeignKey
ALTER TABLE "association_objects" ADD CONSTRAINT "association_objects_association_id_fkey" FOREIGN KEY ("association_id") REFERENCES "associations"("id") ON DELETE CASCADE ON UPDATE CASCADE;
