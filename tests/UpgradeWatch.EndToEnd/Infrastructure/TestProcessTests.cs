using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.Infrastructure;

public sealed class TestProcessTests
{
    [Fact]
    public async Task A_line_is_found_whether_it_comes_before_or_after_it_is_waited_for()
    {
        await using var process = TestProcess.Start("sh", ["-c", "echo first; echo second >&2; exec cat"]);

        Assert.Equal("second", await process.WaitForLineAsync("second"));
        Assert.Equal("first", await process.WaitForLineAsync("first"));
    }

    [Fact]
    public async Task Waiting_for_a_line_ends_with_the_process_and_shows_what_it_said()
    {
        await using var process = TestProcess.Start("sh", ["-c", "echo no disk; exit 7"]);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => process.WaitForLineAsync("ready"));

        Assert.Contains("no disk", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, await process.WaitForExitAsync());
    }

    [Fact]
    public async Task The_output_and_exit_code_of_a_run_are_whole()
    {
        var (exitCode, standardOutput, output) = await TestProcess.RunAsync("sh", ["-c", "echo data; echo message >&2; exit 3"]);

        Assert.Equal(3, exitCode);
        Assert.Equal("data", standardOutput);
        Assert.Contains("message", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_can_be_killed_and_is_gone()
    {
        await using var process = TestProcess.Start("sleep", ["1000"]);

        await process.KillAsync();

        Assert.True(process.HasExited);
        Assert.Equal(128 + 9, await process.WaitForExitAsync());
    }

    [Fact]
    public void A_folder_is_deleted_with_all_it_holds()
    {
        var folder = new TempFolder();
        folder.Write("inner/file", "content");

        folder.Dispose();

        Assert.False(Directory.Exists(folder.Path));
    }
}
