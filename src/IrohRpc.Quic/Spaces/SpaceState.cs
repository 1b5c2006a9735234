using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Spaces;

/// <summary>What a connection holds for one packet number space, besides what recovery remembers of it.</summary>
internal sealed class SpaceState
{
    // Stand for the spaces of all connections that are done with; nobody changes them.
    private static readonly SpaceState DiscardedInitial = CreateDiscarded(PacketSpace.Initial);
    private static readonly SpaceState DiscardedHandshake = CreateDiscarded(PacketSpace.Handshake);

    /// <summary>The application's space of a path beyond the first, with packet numbers of its own and the handshake's bytes in common with the first.</summary>
    /// <param name="first">The first path's.</param>
    /// <param name="maxAckDelay">How long an acknowledgement is kept back at most.</param>
    public SpaceState(SpaceState first, TimeSpan maxAckDelay)
        : this(PacketSpace.Application, first.Crypto, maxAckDelay)
    {
    }

    private SpaceState(PacketSpace space, CryptoStream crypto, TimeSpan maxAckDelay)
    {
        Space = space;
        Crypto = crypto;
        Received = new ReceivedPackets(space, maxAckDelay);
    }

    /// <summary>Prepares a space.</summary>
    public SpaceState(PacketSpace space, SegmentPool pool, TimeSpan maxAckDelay)
        : this(space, new CryptoStream(pool), maxAckDelay)
    {
    }

    /// <summary>Which space it is.</summary>
    public PacketSpace Space { get; }

    /// <summary>The handshake's bytes. Not once the space is discarded.</summary>
    public CryptoStream Crypto { get; private set; }

    /// <summary>What has arrived. Not once the space is discarded.</summary>
    public ReceivedPackets Received { get; private set; }

    /// <summary>The keys for sending in Initial and Handshake packets, and in 0-RTT packets at a client; null where there are none.</summary>
    public SealingKeys? Sealing { get; set; }

    /// <summary>The keys for receiving Initial and Handshake packets, and 0-RTT packets at a server; null where there are none.</summary>
    public OpeningKeys? Opening { get; set; }

    /// <summary>Whether a PING is to be sent.</summary>
    public bool WantsPing { get; set; }

    /// <summary>Whether the space is done with: its keys are gone for good.</summary>
    public bool IsDiscarded { get; set; }

    /// <summary>What stands for a space of the handshake after <see cref="Discard"/>.</summary>
    public static SpaceState Discarded(PacketSpace space) => space == PacketSpace.Initial ? DiscardedInitial : DiscardedHandshake;

    /// <summary>Lets go of keys and bytes.</summary>
    public void Discard()
    {
        if (IsDiscarded)
        {
            return;
        }

        IsDiscarded = true;
        WantsPing = false;
        Crypto.Discard();
        DisposeKeys();

        // Most of a connection's life comes after its handshake, and many connections are idle.
        Crypto = null!;
        Received = null!;
    }

    /// <summary>Lets go of the keys.</summary>
    public void DisposeKeys()
    {
        if (Sealing is not null || Opening is not null)
        {
            Sealing?.Dispose();
            Opening?.Dispose();
            Sealing = null;
            Opening = null;
        }
    }

    private static SpaceState CreateDiscarded(PacketSpace space)
    {
        var state = new SpaceState(space, new SegmentPool(), TimeSpan.Zero);
        state.Discard();
        return state;
    }
}
