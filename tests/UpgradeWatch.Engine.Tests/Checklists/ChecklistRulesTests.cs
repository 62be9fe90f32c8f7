using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Checklists;

public sealed class ChecklistRulesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20000);

    [Fact]
    public void Required_items_of_earlier_phases_are_open_until_done_or_skipped()
    {
        var checklist = Checklist("dry-run", "rollback-plan", "assess-impact", "health-check", "sanity-check")
            .Select(item => item.Id == "dry-run" ? item with { Status = ItemStatus.Skipped } : item)
            .Select(item => item.Id == "assess-impact" ? item with { Status = ItemStatus.Flagged } : item)
            .ToList();

        Assert.Empty(ChecklistRules.OpenItems(checklist, Phase.PreUpgrade));
        Assert.Equal(["assess-impact", "rollback-plan"], ChecklistRules.OpenItems(checklist, Phase.Upgrading));
        Assert.Equal(["assess-impact", "rollback-plan", "health-check"], ChecklistRules.OpenItems(checklist, Phase.PostUpgrade));
        Assert.Equal(["assess-impact", "rollback-plan", "health-check", "sanity-check"], ChecklistRules.OpenItems(checklist, Phase.Completed));
    }

    [Theory]
    [InlineData(Phase.RollingBack)]
    [InlineData(Phase.RolledBack)]
    [InlineData(Phase.Aborted)]
    public void Nothing_holds_up_going_back(Phase phase) => Assert.Empty(ChecklistRules.OpenItems(Checklist("rollback-plan", "sanity-check"), phase));

    [Fact]
    public void An_item_that_the_move_itself_settles_does_not_hold_it_up()
    {
        Assert.Empty(ChecklistRules.OpenItems(Checklist("execute-upgrade"), Phase.PostUpgrade));
        Assert.Empty(ChecklistRules.OpenItems(Checklist("post-implementation-review"), Phase.Completed));
        Assert.Equal(["monitor-metrics"], ChecklistRules.OpenItems(Checklist("monitor-metrics"), Phase.Completed));
    }

    [Fact]
    public void A_person_changes_an_item_and_is_remembered()
    {
        var change = Apply(
            Item("dry-run"), new ChecklistCommand { Status = ItemStatus.Done, Note = "on staging", Link = "https://ci/7", Owner = "ann", By = "bob" }, Now);

        Assert.Null(change.Refusal);
        Assert.Equal(
            (ItemStatus.Done, "on staging", "https://ci/7", "ann", "bob", Now),
            (change.Item!.Status, change.Item.Note, change.Item.Link, change.Item.Owner, change.Item.ChangedBy, change.Item.ChangedAt));
    }

    [Fact]
    public void The_same_change_twice_changes_nothing()
    {
        var done = Apply(Item("dry-run"), new ChecklistCommand { Status = ItemStatus.Done, By = "bob" }, Now).Item!;

        Assert.Same(done, Apply(done, new ChecklistCommand { Status = ItemStatus.Done, By = "eve" }, Now.AddHours(1)).Item);
    }

    [Fact]
    public void The_state_of_a_driven_item_needs_an_override_with_a_reason()
    {
        var item = Item("monitor-metrics");

        var plain = Apply(item, new ChecklistCommand { Status = ItemStatus.Done }, Now).Refusal!;
        var unexplained = Apply(item, new ChecklistCommand { Status = ItemStatus.Done, Override = true, Reason = " " }, Now).Refusal!;
        var overridden = Apply(item, new ChecklistCommand { Status = ItemStatus.Done, Override = true, Reason = "known" }, Now).Item!;

        Assert.Equal((RefusalKind.Conflict, "status"), (plain.Kind, plain.Field));
        Assert.Equal((RefusalKind.Invalid, "reason"), (unexplained.Kind, unexplained.Field));
        Assert.Equal((ItemStatus.Done, true, "known"), (overridden.Status, overridden.Overridden, overridden.Note));
        Assert.Null(Apply(overridden, new ChecklistCommand { Status = ItemStatus.Flagged }, Now).Refusal);
    }

    [Fact]
    public void A_driven_item_takes_notes_without_an_override()
    {
        var item = Apply(Item("health-check"), new ChecklistCommand { Link = "https://incident/1" }, Now).Item!;

        Assert.Equal(("https://incident/1", false), (item.Link, item.Overridden));
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    [InlineData("ftp://host/file")]
    public void A_link_that_is_not_of_the_web_is_refused(string link) =>
        Assert.Equal("link", Apply(Item("dry-run"), new ChecklistCommand { Link = link }, Now).Refusal!.Field);

    [Fact]
    public void A_command_that_changes_nothing_is_refused() =>
        Assert.Equal(RefusalKind.Invalid, Apply(Item("dry-run"), new ChecklistCommand(), Now).Refusal!.Kind);

    [Fact]
    public void A_note_has_its_limit() =>
        Assert.Equal("note", Apply(Item("dry-run"), new ChecklistCommand { Note = new string('x', 4001) }, Now).Refusal!.Field);

    [Fact]
    public void An_item_that_is_not_there_is_refused_with_those_that_are()
    {
        var (items, refusal) = ChecklistRules.Change(Checklist(), "dry-runs", new ChecklistCommand { Status = ItemStatus.Done }, Now);

        Assert.Null(items);
        Assert.Equal(RefusalKind.NotFound, refusal!.Kind);
        Assert.Contains("dry-run", refusal.Known!);
    }

    [Fact]
    public void The_other_items_stay_as_they_are_and_no_change_gives_the_same_list()
    {
        var checklist = Checklist();

        var changed = ChecklistRules.Change(checklist, "dry-run", new ChecklistCommand { Status = ItemStatus.Done }, Now).Items!;

        Assert.Equal(checklist.Where(item => item.Id != "dry-run"), changed.Where(item => item.Id != "dry-run"));
        Assert.Same(changed, ChecklistRules.Change(changed, "dry-run", new ChecklistCommand { Status = ItemStatus.Done }, Now).Items);
    }

    private static (ChecklistItem? Item, Refusal? Refusal) Apply(ChecklistItem item, ChecklistCommand command, DateTimeOffset at)
    {
        var (items, refusal) = ChecklistRules.Change([item], item.Id, command, at);
        return (items?.Single(), refusal);
    }

    private static ChecklistItem Item(string id) => Checklist().Single(item => item.Id == id);

    private static IReadOnlyList<ChecklistItem> Checklist(params string[] required) =>
        ChecklistTemplate.Create(
            new ChecklistOptions { Items = [.. required.Select(id => new ChecklistItemOptions { Id = id, Required = true })] },
            TargetKind.Service);
}
