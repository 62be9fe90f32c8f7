using System.Net;
using UpgradeWatch.EndToEnd.KillTests;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Stores;

/// <summary>A server whose files may not grow any further: what a full disk or a quota does to it.</summary>
public sealed class FullDiskTests
{
    private const int MostKilobytes = 400;

    [Fact]
    public async Task When_nothing_more_can_be_written_changes_are_refused_in_words_judging_goes_on_and_nothing_taken_is_lost()
    {
        using var folder = new TempFolder();
        await using var victim = await Victim.CreateAsync(Limited(folder));
        await victim.StartAsync();
        var shop = new Shop(victim);
        var (taken, id) = (new List<string>(), "");
        (HttpStatusCode Status, string Id, string Detail) answer;
        do
        {
            answer = await shop.BeginAsync($"2.{taken.Count}.0", supersede: true);
            if (answer.Id.Length > 0) taken.Add(id = answer.Id);
        }
        while (answer.Id.Length > 0 && taken.Count < 500);

        Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.InsufficientStorage, HttpStatusCode.ServiceUnavailable]);
        Assert.Contains(victim.Server.DatabaseFile, answer.Detail, StringComparison.Ordinal);
        var status = await shop.GetAsync("/api/v1/status");
        Assert.Equal("failing", status.GetProperty("dependencies").GetProperty("store").GetProperty("state").GetString());
        using var metrics = new HttpClient();
        Assert.Contains("upgradewatch_store_up 0", await metrics.GetStringAsync(new Uri(victim.Server.MetricsUrl, "/metrics")));
        var last = (await shop.GetAsync("/api/v1/status")).GetProperty("lastEvaluationAt").GetDateTimeOffset();
        await Readiness.UntilAsync(
            async () => (await shop.GetAsync("/api/v1/status")).GetProperty("lastEvaluationAt").GetDateTimeOffset() > last, () => null, () => victim.Server.Output, CancellationToken.None);

        await victim.Server.KillAsync();
        victim.Server.Executable = UpgradeWatchExecutable.Path;
        await victim.StartAsync();

        foreach (var one in taken) Assert.Equal(one, (await shop.GetAsync($"/api/v1/upgrades/{one}")).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.Created, (await shop.BeginAsync("3.0.0", supersede: true)).Status);
        await victim.DrainAsync();
    }

    // The write itself fails, as on a full disk; the signal that would come with it is ignored. The just-in-time compiler
    // of an ordinary build would need larger files of its own.
    private static string Limited(TempFolder folder)
    {
        var script = folder.Write("limited", $"#!/bin/bash\ntrap '' XFSZ\nulimit -f {MostKilobytes}\nexport DOTNET_EnableWriteXorExecute=0\nexec '{UpgradeWatchExecutable.Path}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }
}
