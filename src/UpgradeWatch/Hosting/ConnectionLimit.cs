using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace UpgradeWatch.Hosting;

/// <summary>Most connections of the API at once, so that whoever opens more takes none of what metrics and probes need.</summary>
internal sealed class ConnectionLimit(int most)
{
    private int _open;

    /// <summary>Counts the connections of a listener; those beyond the most are closed at once.</summary>
    public void Bound(ListenOptions listener) => listener.Use(next => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= most) await next(connection);
            else connection.Abort(new ConnectionAbortedException($"more than {most} connections are open"));
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    });
}
