namespace IrohRpc.Channels;

/// <summary>
/// Decides when to dial a peer: when somebody asks, and not before its time where the last dial failed. A state machine without I/O or clock; its
/// owner serializes the calls. See docs/channels.md.
/// </summary>
/// <param name="options">The waits, and whether to dial in the background.</param>
/// <param name="random">Yields numbers from zero to one.</param>
internal sealed class ChannelMachine(PeerChannelOptions options, Func<double> random)
{
    private int _failures;
    private bool _hasNews;

    /// <summary>Where it stands.</summary>
    public ChannelState State { get; private set; } = ChannelState.Idle;

    /// <summary>A call needs a connection. It does not hurry a dial that waits for its time, however many ask.</summary>
    public ChannelAction Wanted()
    {
        if (State != ChannelState.Idle)
        {
            return ChannelAction.None;
        }

        return Dial();
    }

    /// <summary>The wait before the next dial is over.</summary>
    /// <param name="isAwaited">Whether a call waits for the connection.</param>
    public ChannelAction TimePassed(bool isAwaited)
    {
        if (State != ChannelState.BackingOff)
        {
            return ChannelAction.None;
        }

        State = ChannelState.Idle;
        return isAwaited || options.KeepConnected ? Dial() : ChannelAction.None;
    }

    /// <summary>The dial has brought a connection.</summary>
    public void Connected()
    {
        if (State == ChannelState.Connecting)
        {
            State = ChannelState.Ready;
        }
    }

    /// <summary>The dial has failed.</summary>
    public ChannelAction Failed()
    {
        if (State != ChannelState.Connecting)
        {
            return ChannelAction.None;
        }

        if (_hasNews)
        {
            // It went to old addresses, which says nothing of the new ones.
            return Dial();
        }

        return BackOff();
    }

    /// <summary>The connection has ended, or takes no new calls.</summary>
    /// <param name="wasOfUse">
    /// Whether it lasted for a while. One that is closed as soon as it is made counts as a failed dial, but for the first in a row: its peer may just
    /// be restarting.
    /// </param>
    public ChannelAction Lost(bool wasOfUse)
    {
        if (State != ChannelState.Ready)
        {
            return ChannelAction.None;
        }

        if (!wasOfUse && _failures > 0)
        {
            return BackOff();
        }

        _failures = wasOfUse ? 0 : 1;
        State = ChannelState.Idle;
        return options.KeepConnected ? Dial() : ChannelAction.None;
    }

    /// <summary>There are new addresses: what failed before says nothing of them.</summary>
    /// <param name="isAwaited">Whether a call waits for the connection.</param>
    public ChannelAction AddressesChanged(bool isAwaited)
    {
        _failures = 0;
        switch (State)
        {
            case ChannelState.Connecting:
                _hasNews = true;
                return ChannelAction.None;
            case ChannelState.BackingOff:
                State = ChannelState.Idle;
                return isAwaited || options.KeepConnected ? Dial() : ChannelAction.None;
            default:
                return ChannelAction.None;
        }
    }

    /// <summary>Nothing more is dialled.</summary>
    public void Close() => State = ChannelState.Closed;

    private ChannelAction Dial()
    {
        _hasNews = false;
        State = ChannelState.Connecting;
        return ChannelAction.Now;
    }

    private ChannelAction BackOff()
    {
        State = ChannelState.BackingOff;
        double longest = Math.Min(
            options.LongestDelay.TotalMilliseconds, options.FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_failures, 30)));
        _failures++;

        // Half of the wait is chance, so that the peers of one that restarts do not come back all at once.
        return new ChannelAction(false, TimeSpan.FromMilliseconds(longest * (0.5 + (0.5 * random()))));
    }
}
