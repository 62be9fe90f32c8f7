using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Upgrades;

public sealed class ChangeEntryTests
{
    [Fact]
    public void Of_many_changes_the_first_stay_and_the_newest()
    {
        IReadOnlyList<ChangeEntry>? entries = null;
        for (var i = 0; i < 1000; i++) entries = ChangeEntry.Add(entries, new ChangeEntry(DateTimeOffset.UnixEpoch, "a", "checklist", $"{i}"));

        Assert.Equal(ChangeEntry.Most, entries!.Count);
        Assert.Equal([.. Enumerable.Range(0, 200), .. Enumerable.Range(800, 200)], entries.Select(entry => int.Parse(entry.Subject)));
    }
}
