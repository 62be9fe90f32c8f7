using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.TestKit.Prometheus;

/// <summary>Turns samples into blocks of Prometheus' storage, by promtool.</summary>
internal static class BlockImport
{
    public static async Task RunAsync(
        string file, string dataFolder, Action<OpenMetricsWriter> write, CancellationToken cancellationToken)
    {
        using (var writer = new OpenMetricsWriter(file))
        {
            write(writer);
        }

        // promtool reads the whole file once for each block, so hours of history go into few large blocks.
        var (exitCode, _, output) = await TestProcess.RunAsync(
            "promtool",
            ["tsdb", "create-blocks-from", "--max-block-duration=256h", "openmetrics", file, dataFolder],
            cancellationToken: cancellationToken);
        File.Delete(file);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"promtool could not import the samples:\n{output}");
        }
    }
}
