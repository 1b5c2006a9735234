using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Reach.Lookup.Pkarr;

/// <summary>Refuses packets that are too old, or older than one that was seen before: whoever keeps packets may give back any that an endpoint has ever signed.</summary>
/// <param name="maxAge">How old a packet may be; infinite for any age.</param>
/// <param name="time">The clock.</param>
internal sealed class PacketFreshness(TimeSpan maxAge, TimeProvider time)
{
    /// <summary>How many endpoints are remembered; those resolved longest ago are forgotten.</summary>
    public const int MaxEndpoints = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<EndpointId, LinkedListNode<(EndpointId Id, ulong Timestamp)>> _newest = [];
    private readonly LinkedList<(EndpointId Id, ulong Timestamp)> _order = [];

    /// <summary>Takes a packet, or says why not.</summary>
    public bool TryTake(SignedPacket packet, [NotNullWhen(false)] out string? problem)
    {
        problem = IsExpired(packet) ? $"it is older than {maxAge}" : Remember(packet) ? null : "an endpoint's newer packet was seen before";
        return problem is null;
    }

    private bool IsExpired(SignedPacket packet)
    {
        if (maxAge == Timeout.InfiniteTimeSpan)
        {
            return false;
        }

        double oldest = (time.GetUtcNow() - maxAge - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        return packet.Timestamp < oldest;
    }

    private bool Remember(SignedPacket packet)
    {
        lock (_lock)
        {
            ulong newest = packet.Timestamp;
            if (_newest.Remove(packet.Id, out LinkedListNode<(EndpointId Id, ulong Timestamp)>? known))
            {
                _order.Remove(known);
                newest = Math.Max(newest, known.Value.Timestamp);
            }
            else if (_newest.Count >= MaxEndpoints)
            {
                _newest.Remove(_order.First!.Value.Id);
                _order.RemoveFirst();
            }

            _newest.Add(packet.Id, _order.AddLast((packet.Id, newest)));
            return packet.Timestamp == newest;
        }
    }
}
