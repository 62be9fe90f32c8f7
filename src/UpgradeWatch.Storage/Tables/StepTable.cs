using System.Data.Common;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Storage.Steps;

namespace UpgradeWatch.Storage.Tables;

/// <summary>Kept steps in blocks that do not overlap.</summary>
internal static class StepTable
{
    /// <summary>Short blocks that follow each other become one of up to this many steps: an hour of 15 s.</summary>
    private const int JoinUpTo = 240;

    public static void Save(DbConnection connection, string target, StepBlock added)
    {
        if (added.Count == 0) return;
        var blocks = new List<StepBlock>();
        foreach (var old in Touching(connection, target, added))
        {
            connection.Execute(
                "DELETE FROM steps WHERE target = @target AND step_seconds = @length AND first_step = @first",
                ("@target", target),
                ("@length", old.StepSeconds),
                ("@first", old.FirstStep));
            if (StepBlocks.Slice(old, long.MinValue, added.FirstStep - 1) is { } before) blocks.Add(before);
            if (StepBlocks.Slice(old, added.LastStep() + 1, long.MaxValue) is { } after) blocks.Add(after);
        }

        blocks.Add(added);
        blocks.Sort((a, b) => a.FirstStep.CompareTo(b.FirstStep));
        foreach (var block in JoinNeighbours(blocks))
        {
            Insert(connection, target, block);
        }
    }

    public static List<StepBlock> Load(DbConnection connection, string target, DateTimeOffset from, DateTimeOffset until)
    {
        var blocks = connection.Query(
            Read,
            "SELECT steps FROM steps WHERE target = @target AND first_end <= @until AND last_end >= @from ORDER BY first_end, step_seconds",
            ("@target", target),
            ("@from", from.UtcTicks),
            ("@until", until.UtcTicks));
        return [.. blocks.Select(block => Within(block, from, until)).OfType<StepBlock>()];
    }

    /// <summary>Deletes some blocks that ended before a time. Gives their number.</summary>
    public static int Prune(DbConnection connection, DateTimeOffset endedBefore, int most) => connection.Execute(
        """
        DELETE FROM steps WHERE (target, step_seconds, first_step) IN (
            SELECT target, step_seconds, first_step FROM steps WHERE last_end < @before LIMIT @most)
        """,
        ("@before", endedBefore.UtcTicks),
        ("@most", most));

    /// <summary>Blocks that overlap with another or lie directly beside it.</summary>
    private static List<StepBlock> Touching(DbConnection connection, string target, StepBlock block) => connection.Query(
        Read,
        "SELECT steps FROM steps WHERE target = @target AND step_seconds = @length AND first_step <= @after AND last_step >= @before",
        ("@target", target),
        ("@length", block.StepSeconds),
        ("@before", block.FirstStep - 1),
        ("@after", block.LastStep() + 1));

    private static List<StepBlock> JoinNeighbours(List<StepBlock> blocks)
    {
        var joined = new List<StepBlock>();
        foreach (var block in blocks)
        {
            if (joined.Count > 0 && joined[^1].Count + block.Count <= JoinUpTo && StepBlocks.CanJoin(joined[^1], block))
            {
                joined[^1] = StepBlocks.Join(joined[^1], block);
            }
            else
            {
                joined.Add(block);
            }
        }

        return joined;
    }

    private static void Insert(DbConnection connection, string target, StepBlock block) => connection.Execute(
        """
        INSERT INTO steps (target, step_seconds, first_step, last_step, first_end, last_end, steps)
        VALUES (@target, @length, @first, @last, @firstEnd, @lastEnd, @steps)
        """,
        ("@target", target),
        ("@length", block.StepSeconds),
        ("@first", block.FirstStep),
        ("@last", block.LastStep()),
        ("@firstEnd", block.EndOf(block.FirstStep).UtcTicks),
        ("@lastEnd", block.EndOf(block.LastStep()).UtcTicks),
        ("@steps", StepBlockCodec.Encode(block)));

    private static StepBlock? Within(StepBlock block, DateTimeOffset from, DateTimeOffset until)
    {
        var first = block.FirstStep;
        var last = block.LastStep();
        while (first <= last && block.EndOf(first) < from) first++;
        while (last >= first && block.EndOf(last) > until) last--;
        return StepBlocks.Slice(block, first, last);
    }

    private static StepBlock Read(DbDataReader row) => StepBlockCodec.Decode(row.GetFieldValue<byte[]>(0));
}
