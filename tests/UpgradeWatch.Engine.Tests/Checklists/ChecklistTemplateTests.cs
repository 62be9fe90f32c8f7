using UpgradeWatch.Engine.Checklists;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;

namespace UpgradeWatch.Engine.Tests.Checklists;

public sealed class ChecklistTemplateTests
{
    [Fact]
    public void A_database_gets_all_seventeen_items_in_order()
    {
        var items = ChecklistTemplate.Create(new ChecklistOptions(), TargetKind.Database);

        Assert.Equal(
            [
                "identify-scope", "check-prerequisites", "assess-impact", "rollback-plan", "notify-stakeholders", "check-configuration",
                "access-secrets", "dry-run", "execute-upgrade", "health-check", "manual-steps", "verify-functionality", "sanity-check",
                "monitor-metrics", "database-checks", "update-documentation", "post-implementation-review",
            ],
            items.Select(item => item.Id));
        Assert.Equal(8, items.Count(item => item.Phase == Phase.PreUpgrade));
        Assert.Equal(["execute-upgrade", "health-check"], items.Where(item => item.Phase == Phase.Upgrading).Select(item => item.Id));
        Assert.All(items, item => Assert.Equal((ItemStatus.Pending, false), (item.Status, item.Required)));
    }

    [Theory]
    [InlineData(TargetKind.Service)]
    [InlineData(TargetKind.Other)]
    public void Only_a_database_has_database_checks(TargetKind kind) =>
        Assert.DoesNotContain(ChecklistTemplate.Create(new ChecklistOptions(), kind), item => item.Id == "database-checks");

    [Fact]
    public void UpgradeWatch_drives_only_what_it_can_see() =>
        Assert.Equal(
            ["identify-scope", "execute-upgrade", "health-check", "monitor-metrics", "post-implementation-review"],
            ChecklistTemplate.Create(new ChecklistOptions(), TargetKind.Database).Where(item => item.Driven).Select(item => item.Id));

    [Fact]
    public void Items_can_be_removed_renamed_required_and_added()
    {
        var options = Options(
            new ChecklistItemOptions { Id = "dry-run", Remove = true },
            new ChecklistItemOptions { Id = "rollback-plan", Title = "Way back", Required = true, Owner = "ann", Note = "in the wiki", Link = "https://wiki/back" },
            new ChecklistItemOptions { Id = "freeze-deploys", Phase = "pre-upgrade" },
            new ChecklistItemOptions { Id = "thaw", Phase = "post-upgrade", Title = "Thaw", Required = true });

        Assert.Empty(ChecklistTemplate.Validate(options));
        var items = ChecklistTemplate.Create(options, TargetKind.Service).ToList();

        Assert.DoesNotContain(items, item => item.Id == "dry-run");
        var plan = items.Single(item => item.Id == "rollback-plan");
        Assert.Equal(("Way back", true, "ann", "in the wiki", "https://wiki/back"), (plan.Title, plan.Required, plan.Owner, plan.Note, plan.Link));
        Assert.Equal(items.FindIndex(item => item.Id == "execute-upgrade") - 1, items.FindIndex(item => item.Id == "freeze-deploys"));
        Assert.Equal(("freeze-deploys", false), (items.Single(item => item.Id == "freeze-deploys").Title, items.Single(item => item.Id == "freeze-deploys").Driven));
        Assert.Equal("thaw", items[^1].Id);
    }

    public static TheoryData<ChecklistItemOptions, string> Mistakes => new()
    {
        { new ChecklistItemOptions { Id = "Thaw", Phase = "post-upgrade" }, "checklist.items[Thaw].id: must match" },
        { new ChecklistItemOptions { Id = "thaw" }, "checklist.items[thaw].phase: a new item needs one of" },
        { new ChecklistItemOptions { Id = "thaw", Phase = "afterwards" }, "checklist.items[thaw].phase: afterwards is not one of" },
        { new ChecklistItemOptions { Id = "thaw", Phase = "completed" }, "checklist.items[thaw].phase: completed is not one of" },
        { new ChecklistItemOptions { Id = "dry-run", Phase = "upgrading" }, "checklist.items[dry-run].phase: the built-in item belongs to pre-upgrade" },
        { new ChecklistItemOptions { Id = "thaw", Remove = true }, "checklist.items[thaw].remove: there is no built-in item" },
        { new ChecklistItemOptions { Id = "dry-run", Remove = true, Title = "x" }, "checklist.items[dry-run].remove: an item that is removed" },
        { new ChecklistItemOptions { Id = "dry-run", Link = "javascript:alert(1)" }, "checklist.items[dry-run].link: javascript:alert(1) is not" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_names_its_entry(ChecklistItemOptions entry, string expected) =>
        Assert.StartsWith(expected, Assert.Single(ChecklistTemplate.Validate(Options(entry))), StringComparison.Ordinal);

    [Fact]
    public void Removing_and_adding_the_same_item_is_a_mistake()
    {
        var mistakes = ChecklistTemplate.Validate(Options(
            new ChecklistItemOptions { Id = "dry-run", Remove = true },
            new ChecklistItemOptions { Id = "dry-run", Phase = "pre-upgrade" }));

        Assert.Contains("another entry", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    private static ChecklistOptions Options(params ChecklistItemOptions[] items) => new() { Items = items };
}
