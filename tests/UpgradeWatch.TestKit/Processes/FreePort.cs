using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace UpgradeWatch.TestKit.Processes;

/// <summary>
/// Loopback ports for servers that must come back on the same one. Taken from below the range that the kernel gives to
/// outgoing connections, so that no client takes the port while its server is down.
/// </summary>
public static class FreePort
{
    private const int First = 15_000;
    private const int End = 32_000;
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>A port on which nothing listens, never the same twice in this process.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            // Not seeded: several test processes run at once and must not all try the same ports.
            var port = Random.Shared.Next(First, End);
            if (IsFree(port) && Given.TryAdd(port, true))
            {
                return port;
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {End}.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
