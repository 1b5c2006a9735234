using System.Buffers.Binary;
using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Topics;

namespace IrohRpc.Gossip.Simulation;

/// <summary>
/// Many members of one topic on a clock that jumps from event to event. Connections deliver in order and lose nothing; a packet that is lost
/// comes a round trip later, with everything behind it, as on QUIC. The same seed gives the same run.
/// </summary>
internal sealed class SimulatedTopic
{
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LossDetection = TimeSpan.FromSeconds(5);

    private readonly Random _random;
    private readonly GossipSettings _settings;
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly Dictionary<EndpointId, Member> _members = [];
    private readonly Dictionary<(EndpointId, EndpointId), Link> _links = [];
    private long _order;

    public SimulatedTopic(int seed, GossipSettings? settings = null, double loss = 0)
    {
        _random = new Random(seed);
        _settings = settings ?? new();
        Loss = loss;
    }

    public TimeSpan Now { get; private set; }

    public double Loss { get; set; }

    /// <summary>Whether two members cannot reach each other at the moment.</summary>
    public Func<EndpointId, EndpointId, bool> IsCut { get; set; } = static (_, _) => false;

    public List<Member> Members { get; } = [];

    public IEnumerable<Member> Alive => Members.Where(static member => member.IsAlive);

    /// <summary>What was delivered of each broadcast, by its number.</summary>
    public Dictionary<int, Delivery> Deliveries { get; } = [];

    public long ControlMessages { get; private set; }

    public Member AddMember()
    {
        Span<byte> id = stackalloc byte[EndpointId.Size];
        _random.NextBytes(id);
        var member = new Member(new EndpointId(id), new TopicState(new EndpointId(id), _settings, new Random(_random.Next())));
        member.State.SetMyData([]);
        Members.Add(member);
        _members[member.Id] = member;
        member.State.Start();
        Perform(member);
        return member;
    }

    public void Join(Member member, Member contact)
    {
        member.State.Join(contact.Id);
        Perform(member);
    }

    /// <summary>A member broadcasts a message of its own.</summary>
    public void Broadcast(Member member, int number)
    {
        var content = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(content, number);
        Deliveries[number] = new Delivery(Now);
        member.State.Broadcast(content, toAll: true, Now);
        Perform(member);
    }

    /// <summary>A member is gone without a word; its neighbours find out after a while.</summary>
    public void Kill(Member member)
    {
        member.IsAlive = false;
        foreach (((EndpointId from, EndpointId to), Link link) in _links.ToArray())
        {
            if (from == member.Id || to == member.Id)
            {
                Break(from, to, link);
            }
        }
    }

    public void Leave(Member member)
    {
        member.State.Leave();
        Perform(member);
        After(TimeSpan.FromSeconds(1), () => Kill(member));
    }

    /// <summary>Breaks the connections that are cut.</summary>
    public void Cut(Func<EndpointId, EndpointId, bool> isCut)
    {
        IsCut = isCut;
        foreach (((EndpointId from, EndpointId to), Link link) in _links.ToArray())
        {
            if (isCut(from, to))
            {
                Break(from, to, link);
            }
        }
    }

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _order++));

    public void RunFor(TimeSpan duration)
    {
        TimeSpan until = Now + duration;
        while (_events.TryPeek(out Action? next, out (TimeSpan At, long Order) when) && when.At <= until)
        {
            _events.Dequeue();
            Now = when.At;
            next();
        }

        Now = until;
    }

    /// <summary>How many separate groups the living members form by their neighbours.</summary>
    public int Components()
    {
        var left = new HashSet<EndpointId>(Alive.Select(static member => member.Id));
        int count = 0;
        while (left.Count > 0)
        {
            count++;
            var stack = new Stack<EndpointId>([left.First()]);
            while (stack.TryPop(out EndpointId id))
            {
                if (left.Remove(id))
                {
                    foreach (EndpointId neighbor in _members[id].State.Membership.Neighbors)
                    {
                        stack.Push(neighbor);
                    }
                }
            }
        }

        return count;
    }

    private void Perform(Member member)
    {
        TopicAction[] actions = [.. member.State.Actions];
        member.State.Clear();
        foreach (TopicAction action in actions)
        {
            switch (action)
            {
                case TopicAction.Send send:
                    Send(member, send.Peer, send.Message);
                    break;
                case TopicAction.Disconnect disconnect:
                    Close(member.Id, disconnect.Peer);
                    break;
                case TopicAction.Schedule schedule:
                    After(schedule.Delay, () =>
                    {
                        if (member.IsAlive)
                        {
                            member.State.Expire(schedule.Timer, Now);
                            Perform(member);
                        }
                    });
                    break;
                case TopicAction.Received received:
                    Deliveries[BinaryPrimitives.ReadInt32LittleEndian(received.Content)].Add(member.Id, Now, received.Round ?? 0);
                    break;
            }
        }
    }

    private void Send(Member from, EndpointId to, GossipMessage message)
    {
        if (message is not ContentMessage)
        {
            ControlMessages++;
        }

        Link? link = LinkOf(from.Id, to);
        if (link is null)
        {
            if (!_members.TryGetValue(to, out Member? target) || !target.IsAlive || IsCut(from.Id, to))
            {
                After(DialTimeout, () => Disconnected(from, to));
                return;
            }

            // A handshake and a half before the first message gets through.
            link = new Link(Latency(), Now + (Latency() * 2));
            _links[Key(from.Id, to)] = link;
        }

        TimeSpan delay = link.Latency;
        if (Loss > 0 && _random.NextDouble() < Loss)
        {
            delay += 2 * link.Latency;
        }

        // In order: nothing overtakes what was sent before.
        bool isForward = from.Id.CompareTo(to) < 0;
        TimeSpan at = Max(Now, link.ReadyAt) + delay;
        TimeSpan last = isForward ? link.LastForward : link.LastBackward;
        at = Max(at, last);
        if (isForward)
        {
            link.LastForward = at;
        }
        else
        {
            link.LastBackward = at;
        }

        After(at - Now, () =>
        {
            if (link.IsOpen && _members[to].IsAlive)
            {
                if (message is ContentMessage content)
                {
                    Deliveries[BinaryPrimitives.ReadInt32LittleEndian(content.Content)].Copies++;
                }

                _members[to].State.Receive(from.Id, message, Now);
                Perform(_members[to]);
            }
        });
    }

    // A closing follows what was sent before it.
    private void Close(EndpointId from, EndpointId to)
    {
        if (LinkOf(from, to) is not { } link)
        {
            return;
        }

        _links.Remove(Key(from, to));
        TimeSpan last = from.CompareTo(to) < 0 ? link.LastForward : link.LastBackward;
        After(Max(last, Now + link.Latency) - Now, () =>
        {
            link.IsOpen = false;
            Disconnected(_members[to], from);
            Disconnected(_members[from], to);
        });
    }

    private void Break(EndpointId from, EndpointId to, Link link)
    {
        _links.Remove(Key(from, to));
        link.IsOpen = false;
        After(LossDetection, () => Disconnected(_members[from], to));
        After(LossDetection, () => Disconnected(_members[to], from));
    }

    private void Disconnected(Member member, EndpointId peer)
    {
        if (member.IsAlive && LinkOf(member.Id, peer) is null)
        {
            member.State.Disconnected(peer);
            Perform(member);
        }
    }

    private Link? LinkOf(EndpointId one, EndpointId other) => _links.GetValueOrDefault(Key(one, other));

    private static (EndpointId, EndpointId) Key(EndpointId one, EndpointId other) => one.CompareTo(other) < 0 ? (one, other) : (other, one);

    private TimeSpan Latency() => TimeSpan.FromMilliseconds(5 + (75 * _random.NextDouble()));

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;

    internal sealed class Member(EndpointId id, TopicState state)
    {
        public EndpointId Id => id;

        public TopicState State => state;

        public bool IsAlive { get; set; } = true;
    }

    internal sealed class Delivery(TimeSpan start)
    {
        private readonly Dictionary<EndpointId, (TimeSpan Latency, int Hops)> _at = [];

        /// <summary>How often the whole message was received, by anybody.</summary>
        public long Copies { get; set; }

        public IReadOnlyDictionary<EndpointId, (TimeSpan Latency, int Hops)> At => _at;

        public void Add(EndpointId member, TimeSpan now, int round) => _at.Add(member, (now - start, round + 1));
    }

    private sealed class Link(TimeSpan latency, TimeSpan readyAt)
    {
        public TimeSpan Latency => latency;

        public TimeSpan ReadyAt => readyAt;

        public TimeSpan LastForward { get; set; }

        public TimeSpan LastBackward { get; set; }

        public bool IsOpen { get; set; } = true;
    }
}
