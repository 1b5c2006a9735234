namespace IrohRpc.Hostile;

/// <summary>One direction of a link, as a function of time: says when each packet arrives. It holds no packets and has no clock. Not thread-safe, except for <see cref="Conditions"/>.</summary>
/// <param name="random">Decides what is lost, duplicated, delayed and reordered.</param>
internal sealed class LinkDirection(Random random)
{
    /// <summary>The most arrivals that a packet has.</summary>
    public const int MaxArrivals = 2;

    private volatile LinkConditions _conditions = LinkConditions.Calm;
    private TimeSpan _wireFree;
    private TimeSpan _lastArrival;

    /// <summary>What happens to packets from now on.</summary>
    public LinkConditions Conditions
    {
        get => _conditions;
        set => _conditions = value;
    }

    /// <summary>Sends a packet.</summary>
    /// <param name="now">The time, from any origin, never less than before.</param>
    /// <param name="length">The packet's length in bytes.</param>
    /// <param name="arrivals">Takes the times at which the packet arrives.</param>
    /// <returns>How often the packet arrives: zero where it is lost.</returns>
    public int Send(TimeSpan now, int length, Span<TimeSpan> arrivals)
    {
        LinkConditions conditions = _conditions;
        if (length > conditions.Mtu || random.NextDouble() < conditions.Loss)
        {
            return 0;
        }

        TimeSpan sent = now;
        if (conditions.BitRate is double rate)
        {
            TimeSpan begins = _wireFree > now ? _wireFree : now;
            if (begins - now > conditions.Queue)
            {
                return 0;
            }

            sent = _wireFree = begins + TimeSpan.FromSeconds(length * 8 / rate);
        }

        arrivals[0] = Arrival(conditions, sent);
        if (random.NextDouble() >= conditions.Duplication)
        {
            return 1;
        }

        arrivals[1] = arrivals[0];
        return 2;
    }

    private TimeSpan Arrival(LinkConditions conditions, TimeSpan sent)
    {
        if (random.NextDouble() < conditions.Reordering)
        {
            return sent;
        }

        TimeSpan arrival = sent + conditions.Delay + (conditions.Jitter * ((2 * random.NextDouble()) - 1));
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        return _lastArrival;
    }
}
