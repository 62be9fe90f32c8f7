namespace UpgradeWatch.TestKit.Processes;

/// <summary>Servers of which nothing is left when they do not start.</summary>
internal static class Started
{
    /// <summary>The server once it has started.</summary>
    public static async Task<T> AsyncOf<T>(T server, Func<T, Task> start)
        where T : IAsyncDisposable
    {
        try
        {
            await start(server);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
