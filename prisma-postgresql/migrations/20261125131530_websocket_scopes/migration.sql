-- AlterTable
ALTER TABLE "websocket_connections" ADD COLUMN     "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[];
