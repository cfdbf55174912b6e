package dev.tallystick.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule of the protocol, removed: the worlds must see it (protocol, section 9). */
class PlantedBugsWorld {

  static Stream<PlantedBug> bugs() {
    return Stream.of(
        new PlantedBug(
            "order of reading is used",
            "judge/Arrivals",
            "    Arrays.sort(events, BY_OFFSET);",
            ""),
        new PlantedBug(
            "order of arrival is not used",
            "judge/Arrivals",
            "    Event[] events = kept.toArray(Event[]::new);\n    Arrays.sort(events, BY_OFFSET);",
            "    Event[] events = kept.toArray(Event[]::new);"),
        new PlantedBug(
            "a repetition is counted as an event",
            "engine/OpenTransaction",
            "!source.hasIdentical(event)",
            "true"),
        new PlantedBug(
            "the tail of a batch is dropped",
            "engine/PartitionEngine",
            "for (Reading reading : batch.readings()) {",
            "for (Reading reading : batch.readings().subList(0, Math.min(3,"
                + " batch.readings().size()))) {"),
        new PlantedBug(
            "announced before stored",
            "engine/PartitionEngine",
            "      out.add(new Output.Write(draft.commit()));",
            "      out.add(new Output.Publish(builder.notices(draft.commit(), 0)));"
                + " out.add(new Output.Write(draft.commit()));"),
        new PlantedBug(
            "position per transaction, not per event",
            "engine/SourceCursor",
            "if (!hold.released && !written.test(hold.transaction)) {",
            "if (!hold.released && hold.transaction.version() == 0 &&"
                + " !written.test(hold.transaction)) {"),
        new PlantedBug(
            "a due row is judged without what memory holds",
            "engine/PartitionEngine",
            "      if (transaction == null) {\n"
                + "        transaction = new OpenTransaction(row.txnId()",
            "      if (transaction == null || transaction.version() < row.version()) {\n"
                + "        transaction = new OpenTransaction(row.txnId()"),
        new PlantedBug(
            "a stale batch is absorbed",
            "engine/PartitionEngine",
            Map.of(
                "cursor == null || batch.epoch() != epoch || phase != Phase.RUNNING",
                "cursor == null || phase != Phase.RUNNING",
                "if (batch.from() != cursor.absorbed()) {",
                "if (batch.to() < cursor.absorbed()) {")),
        new PlantedBug(
            "the time of a refused batch is taken",
            "engine/PartitionEngine",
            "      return; // of a former life, or no longer ours to take",
            "      if (cursor != null) { cursor.advance(cursor.absorbed(), batch.timeMs()); }"
                + " return;"),
        new PlantedBug(
            "an end offset proves time before the position reaches it",
            "time/SourceTime",
            "unreached.getFirst().endOffset() <= position",
            "true"),
        new PlantedBug(
            "a MISSING is taken back by a lower watermark",
            "engine/CommitBuilder",
            Map.of(
                "written == null ? List.of() : written.ticked()",
                "List.of()",
                "deadlineMs < situation.storedWatermarkMs() && !forced",
                "false")),
        new PlantedBug(
            "a deadline passes at its own millisecond",
            "judge/Reconciler",
            "watermarkMs > deadlineMs ||",
            "watermarkMs >= deadlineMs ||"),
        new PlantedBug(
            "published_to runs ahead of publishing",
            "engine/PartitionEngine",
            "            publishedTo,\n            storedPublishedTo,",
            "            seq,\n            storedPublishedTo,"),
        new PlantedBug(
            "a claim does not publish what is unpublished",
            "engine/PartitionEngine",
            "if (!claim.unpublished().isEmpty()) {",
            "if (claim.unpublished().size() > 1_000) {"),
        new PlantedBug(
            "an evicted deadline is forgotten",
            "engine/PartitionEngine",
            "      horizon.left(leftMs);",
            ""),
        new PlantedBug(
            "time is judged past the due rows that are known",
            "engine/PartitionEngine",
            "Math.min(watermarkMs(), horizon.ms())",
            "watermarkMs()"),
        new PlantedBug(
            "the archive is written again after a claim",
            "engine/SourceCursor",
            "    if (raw.offset() < archivedTo) {",
            "    if (raw.offset() < storedPosition) {"),
        new PlantedBug(
            "statistics forget the old row",
            "engine/CommitBuilder",
            "      count(statistics, open.written(), -1);",
            ""),
        new PlantedBug(
            "the bound is for the transaction, not per source",
            "engine/OpenTransaction",
            "if (source.kept.size() >= maxEvents) {",
            "if (events().size() >= maxEvents) {"),
        new PlantedBug(
            "the attempt after a conflict keeps its numbers",
            "engine/PartitionEngine",
            "    retry = draft.scope().again(draft.transactions());\n  }\n\n  private void refused",
            "    seq = draft.commit().seq();\n"
                + "    retry = draft.scope().again(draft.transactions());\n  }\n\n"
                + "  private void refused"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bugs")
  void isSeen(PlantedBug bug, @TempDir Path scratch) {
    String complaint = bug.firstComplaint(1_000, scratch);
    System.out.println(bug + " → " + complaint.lines().findFirst().orElse("UNSEEN"));
    assertThat(complaint).as(bug.name()).isNotEmpty();
  }
}
