using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using UpgradeWatch.Security;

namespace UpgradeWatch.Hosting;

/// <summary>
/// Most connections of the API at once, so that whoever opens more takes none of what metrics and probes need; and most of
/// one address, so that one neighbour who opens them and says nothing does not keep the others out.
/// </summary>
internal sealed class ConnectionLimit(int most, int mostOfOneAddress)
{
    private readonly Dictionary<string, int> _open = [];
    private int _all;

    /// <summary>Counts the connections of a listener; those beyond the most are closed at once.</summary>
    public void Bound(ListenOptions listener) => listener.Use(next => async connection =>
    {
        var address = RemoteAddress.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        try
        {
            if (Enter(address)) await next(connection);
            else connection.Abort(new ConnectionAbortedException($"more than {most} connections are open, or {mostOfOneAddress} of {address}"));
        }
        finally
        {
            Leave(address);
        }
    });

    private bool Enter(string address)
    {
        lock (_open)
        {
            _all++;
            var same = _open[address] = _open.GetValueOrDefault(address) + 1;
            return _all <= most && same <= mostOfOneAddress;
        }
    }

    private void Leave(string address)
    {
        lock (_open)
        {
            _all--;
            if (--_open[address] == 0) _open.Remove(address);
        }
    }
}
