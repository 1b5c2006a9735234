namespace IrohRpc.Identity.Internal;

/// <summary>Puts transport addresses into the order that a ticket has: sorted, distinct, unknown ones last and as one.</summary>
internal static class SortedAddresses
{
    /// <summary>The addresses as a new array.</summary>
    /// <exception cref="ArgumentException">An address is null.</exception>
    public static TransportAddress[] From(IEnumerable<TransportAddress> addresses)
    {
        var distinct = new SortedSet<TransportAddress>();
        foreach (TransportAddress address in addresses)
        {
            if (address is null)
            {
                throw new ArgumentException("A transport address is null.", nameof(addresses));
            }

            distinct.Add(address);
        }

        TransportAddress[] sorted = [.. distinct];
        int known = Array.FindIndex(sorted, static address => address.Kind == TransportAddressKind.Unknown);
        return known < 0 || known == sorted.Length - 1 ? sorted : [.. sorted[..known], Join(sorted.AsSpan(known))];
    }

    // Unknown addresses of two tickets meet when their addresses are put together; a ticket can only end in one run of them.
    private static TransportAddress Join(ReadOnlySpan<TransportAddress> unknown)
    {
        ulong count = 0;
        var encoded = new List<byte>();
        foreach (TransportAddress address in unknown)
        {
            count += address.Number;
            encoded.AddRange(address.Data.Span);
        }

        return TransportAddress.Unknown(count, [.. encoded]);
    }
}
