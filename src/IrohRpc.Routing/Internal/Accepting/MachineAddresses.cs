using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>The addresses under which others may find this machine.</summary>
internal static class MachineAddresses
{
    // From linux/if_addr.h: temporary, duplicate found, deprecated, not checked for duplicates yet.
    private const int UnfitFlags = 0x01 | 0x08 | 0x20 | 0x40;

    /// <summary>
    /// The unicast addresses of one family on interfaces that are up: neither loopback nor link-local nor, where the system tells, temporary or
    /// deprecated. Loopback where there is nothing else.
    /// </summary>
    public static IReadOnlyList<IPAddress> Usable(AddressFamily family)
    {
        HashSet<IPAddress> unfit = family == AddressFamily.InterNetworkV6 && OperatingSystem.IsLinux() ? UnfitOnLinux() : [];
        IPAddress[] usable =
        [
            .. NetworkInterface.GetAllNetworkInterfaces()
                .Where(nic => nic.OperationalStatus == OperationalStatus.Up && nic.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(nic => nic.GetIPProperties().UnicastAddresses)
                .Where(unicast => unicast.Address.AddressFamily == family && IsUsable(unicast.Address) && IsLasting(unicast))
                .Select(unicast => new IPAddress(unicast.Address.GetAddressBytes()))
                .Where(address => !unfit.Contains(address))
                .Distinct(),
        ];
        return usable.Length > 0 ? usable : [family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback];
    }

    /// <summary>Whether another machine could use the address, by its form alone.</summary>
    public static bool IsUsable(IPAddress address)
    {
        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.IsIPv4MappedToIPv6)
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        return bytes.Length != 4 || bytes[0] switch
        {
            0 or >= 224 => false,
            169 => bytes[1] != 254,
            _ => true,
        };
    }

    /// <summary>The addresses that a line-by-line copy of Linux's <c>/proc/net/if_inet6</c> flags as not fit to be given out.</summary>
    public static HashSet<IPAddress> ParseUnfit(IEnumerable<string> lines)
    {
        var unfit = new HashSet<IPAddress>();
        Span<byte> bytes = stackalloc byte[16];
        foreach (string line in lines)
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is [{ Length: 32 } address, _, _, _, var flags, ..]
                && int.TryParse(flags, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int bits)
                && (bits & UnfitFlags) != 0
                && Convert.FromHexString(address, bytes, out _, out _) == OperationStatus.Done)
            {
                unfit.Add(new IPAddress(bytes));
            }
        }

        return unfit;
    }

    private static bool IsLasting(UnicastIPAddressInformation unicast)
        => !OperatingSystem.IsWindows()
            || (unicast.DuplicateAddressDetectionState == DuplicateAddressDetectionState.Preferred
                && unicast.SuffixOrigin != SuffixOrigin.Random);

    private static HashSet<IPAddress> UnfitOnLinux()
    {
        try
        {
            return ParseUnfit(File.ReadLines("/proc/net/if_inet6"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
