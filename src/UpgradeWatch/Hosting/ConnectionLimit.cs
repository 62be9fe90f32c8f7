using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using UpgradeWatch.Security;

namespace UpgradeWatch.Hosting;

/// <summary>
/// Most connections of listeners at once: each holds memory before anybody knows who it is. The API and the metrics have
/// one each, so that neither takes what the other needs, and no address may take all of one.
/// </summary>
/// <param name="most">Most connections together.</param>
/// <param name="ofOneAddress">Most of them from one address.</param>
internal sealed class ConnectionLimit(int most, int ofOneAddress)
{
    private readonly Dictionary<string, int> _shares = [];
    private int _open;

    /// <summary>Counts the connections of a listener; those beyond the most are closed at once.</summary>
    public void Bound(ListenOptions listener) => listener.Use(next => async connection =>
    {
        var address = ClientAddress.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryEnter(address))
        {
            connection.Abort(new ConnectionAbortedException($"more than {most} connections are open, or {ofOneAddress} from this address"));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    });

    private bool TryEnter(string address)
    {
        lock (_shares)
        {
            var share = _shares.GetValueOrDefault(address);
            if (_open == most || share == ofOneAddress) return false;
            _open++;
            _shares[address] = share + 1;
            return true;
        }
    }

    private void Leave(string address)
    {
        lock (_shares)
        {
            _open--;
            if (--_shares[address] == 0) _shares.Remove(address);
        }
    }
}
