using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>One direction of a link: what it is given it hands on, later, in another order, damaged, or not at all.</summary>
internal sealed class SimulatedLink(SimulatedNetwork network, LinkConditions conditions)
{
    private TimeSpan _freeAt;
    private TimeSpan _lastArrival;

    /// <summary>What the link is like from now on.</summary>
    public LinkConditions Conditions { get; set; } = conditions;

    /// <summary>Decides about datagrams beside chance; returns whether to drop one.</summary>
    public Func<SimulatedDatagram, bool>? Drops { get; set; }

    /// <summary>How many datagrams were carried.</summary>
    public long Carried { get; private set; }

    /// <summary>How many bytes were carried.</summary>
    public long CarriedBytes { get; private set; }

    /// <summary>How many datagrams the queue had no room for.</summary>
    public long QueueDrops { get; private set; }

    public void Transmit(SimulatedDatagram datagram)
    {
        LinkConditions link = Conditions;
        Random random = network.Random;
        if (datagram.Bytes.Length > link.Mtu || random.NextDouble() < link.Loss || Drops?.Invoke(datagram) == true)
        {
            return;
        }

        TimeSpan departure = network.Now;
        if (link.Rate > 0)
        {
            long waiting = Math.Max(0, (long)((_freeAt - network.Now).TotalSeconds * link.Rate));
            if (waiting + datagram.Bytes.Length > link.QueueBytes)
            {
                QueueDrops++;
                return;
            }

            if (link.MarkAboveBytes > 0 && waiting > link.MarkAboveBytes && datagram.Ecn is EcnCodepoint.Ect0 or EcnCodepoint.Ect1)
            {
                datagram = datagram with { Ecn = EcnCodepoint.CongestionExperienced };
            }

            _freeAt = (_freeAt > network.Now ? _freeAt : network.Now) + TimeSpan.FromSeconds((double)datagram.Bytes.Length / link.Rate);
            departure = _freeAt;
        }

        if (link.BleachesEcn)
        {
            datagram = datagram with { Ecn = EcnCodepoint.NotEct };
        }

        if (random.NextDouble() < link.Corruption)
        {
            int bit = random.Next(datagram.Bytes.Length * 8);
            datagram.Bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        TimeSpan arrival = departure + link.Delay + (random.NextDouble() * link.Jitter);
        if (random.NextDouble() < link.Reordering)
        {
            arrival += random.NextDouble() * link.HeldBack;
        }
        else
        {
            arrival = arrival > _lastArrival ? arrival : _lastArrival;
            _lastArrival = arrival;
        }

        Carried++;
        CarriedBytes += datagram.Bytes.Length;
        network.Schedule(arrival, datagram);
        if (random.NextDouble() < link.Repetition)
        {
            network.Schedule(arrival + (random.NextDouble() * link.HeldBack), datagram with { Bytes = [.. datagram.Bytes] });
        }
    }
}
