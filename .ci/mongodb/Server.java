import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.aggregation.stage.AddFieldsStage;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryCollection;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.backend.memory.index.MemoryUniqueIndex;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * mongo-java-server for the tests, with three things that it lacks and that every MongoDB since 4.2 has: the command `hello`,
 * partial unique indexes, and updates by a pipeline of $set in findAndModify. It is one server of no replica set, without
 * transactions. Its expressions, operators and unique indexes are its own.
 *
 * java -cp 'lib/*' Server.java <port>
 */
public class Server {
  /** The driver refuses servers before 4.4. */
  static final MongoVersion VERSION = new MongoVersion() {
    @Override public int getWireVersion() { return 13; }
    @Override public List<Integer> getVersionArray() { return List.of(5, 0, 0, 0); }
    @Override public String toVersionString() { return "5.0.0"; }
  };

  public static void main(String[] arguments) {
    MongoServer server = new MongoServer(new Backend().version(VERSION));
    server.bind("127.0.0.1", Integer.parseInt(arguments[0]));
    System.out.println("ready on " + server.getLocalAddress().getPort());
  }

  static class Backend extends MemoryBackend {
    @Override public MemoryDatabase openOrCreateDatabase(String name) {
      return new Database(name, getCursorRegistry());
    }

    @Override public Document handleMessage(MongoMessage message) {
      Document command = message.getDocument();
      if (command.containsKey("hello")) {
        command = new Document("isMaster", 1).append("$db", command.get("$db"));
        message = new MongoMessage(message.getChannel(), message.getHeader(), command);
      }
      return super.handleMessage(message);
    }
  }

  static class Database extends MemoryDatabase {
    private Map<String, Document> filters;

    Database(String name, CursorRegistry cursors) {
      super(name, cursors);
    }

    @Override protected void addIndex(Document index) {
      if (index.get("partialFilterExpression") instanceof Document filter) {
        // Made here: the constructor above adds indexes before fields of this class are set.
        if (filters == null) filters = new HashMap<>();
        filters.put((String) index.get("name"), filter);
      }
      super.addIndex(index);
    }

    @Override protected Index<Integer> openOrCreateUniqueIndex(
        String collection, String name, List<IndexKey> keys, boolean sparse) {
      Document filter = filters == null ? null : filters.get(name);
      if (filter == null) return super.openOrCreateUniqueIndex(collection, name, keys, sparse);
      return new PartialIndex(name, keys, filter);
    }

    @Override protected MemoryCollection openOrCreateCollection(String name, CollectionOptions options) {
      return new Documents(this, name, options, cursorRegistry);
    }
  }

  /** Knows only the documents that match its filter. */
  static class PartialIndex extends MemoryUniqueIndex {
    private final Document filter;

    PartialIndex(String name, List<IndexKey> keys, Document filter) {
      // As a sparse index, it may lack documents.
      super(name, keys, true);
      this.filter = filter;
    }

    private boolean covers(Document document) {
      return new DefaultQueryMatcher().matches(document, filter);
    }

    @Override public synchronized void checkAdd(Document document, MongoCollection<Integer> in) {
      if (covers(document)) super.checkAdd(document, in);
    }

    @Override public synchronized void add(Document document, Integer position, MongoCollection<Integer> in) {
      if (covers(document)) super.add(document, position, in);
    }

    @Override public synchronized Integer remove(Document document) {
      return covers(document) ? super.remove(document) : null;
    }

    @Override public synchronized void checkUpdate(Document before, Document after, MongoCollection<Integer> in) {
      if (!covers(after)) return;
      if (covers(before)) super.checkUpdate(before, after, in);
      else super.checkAdd(after, in);
    }

    @Override public void updateInPlace(Document before, Document after, Integer position, MongoCollection<Integer> in) {
      if (getKeyValues(before).equals(getKeyValues(after)) && covers(before) == covers(after)) return;
      remove(before);
      add(after, position, in);
    }

    /** A query may look for documents that it does not know. */
    @Override public synchronized boolean canHandle(Document query) {
      return false;
    }
  }

  static class Documents extends MemoryCollection {
    Documents(MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) {
      super(database, name, options, cursors);
    }

    /** Computes what a pipeline makes of the document, and lets the rest be done as for any other update. */
    @Override public synchronized Document findAndModify(Document command) {
      // A copy, because the answer is written after others may have changed the document again.
      if (!(command.get("update") instanceof Collection<?> stages)) {
        return super.findAndModify(command).cloneDeeply();
      }
      Document query = (Document) command.get("query");
      Document found = streamAllDocumentsWithPosition()
          .map(each -> each.getDocument())
          .filter(each -> new DefaultQueryMatcher().matches(each, query))
          .findFirst().orElse(null);
      Document computed = found == null ? ofEqualities(query) : found.cloneDeeply();
      for (Object stage : stages) computed = withFields(computed, (Document) ((Document) stage).get("$set"));
      Document changed = command.clone();
      computed.remove("_id");
      changed.put("update", new Document("$set", computed));
      if (found != null) changed.put("query", new Document("_id", found.get("_id")));
      return super.findAndModify(changed).cloneDeeply();
    }

    /** Every expression sees the document as it is before the stage. */
    private static Document withFields(Document before, Document fields) {
      Document after = before.cloneDeeply();
      fields.forEach((field, expression) -> {
        AddFieldsStage one = new AddFieldsStage(new Document(field, expression));
        Document with = one.apply(Stream.of(before.cloneDeeply())).findFirst().orElseThrow();
        if (with.containsKey(field)) after.put(field, with.get(field));
      });
      return after;
    }

    private static Document ofEqualities(Document query) {
      Document document = new Document();
      query.forEach((field, value) -> {
        Object equal = value instanceof Document operators ? operators.get("$eq") : value;
        if (equal != null) document.put(field, equal);
      });
      return document;
    }
  }
}
