using System.Net;
using System.Net.Sockets;

namespace UpgradeWatch.Security;

/// <summary>What counts as one address of a client.</summary>
internal static class ClientAddress
{
    /// <summary>The address as text; of IPv6 the /64, because whoever has one address of it has the 2^64 around it.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address)) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
