using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Endpoints.Sockets;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Endpoints;

public class UdpSocketTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string, bool, bool> Sockets => new()
    {
        { "127.0.0.1", false, false }, { "127.0.0.1", true, true }, { "127.0.0.1", false, true }, { "127.0.0.1", true, false },
        { "::1", false, false }, { "::1", true, true }, { "0.0.0.0", false, false }, { "::", false, false },
    };

    [Theory]
    [MemberData(nameof(Sockets))]
    public void A_datagram_arrives_with_where_it_came_from(string address, bool isSenderPlain, bool isReceiverPlain)
    {
        using UdpSocket sender = Bind(address, isSenderPlain);
        using UdpSocket receiver = Bind(address, isReceiverPlain);
        sender.Send(new byte[] { 1, 2, 3 }, To(receiver, 3));
        (byte[] data, NetworkPath path, _) = Assert.Single(ReceiveAll(receiver, 1));
        Assert.Equal([1, 2, 3], data);
        Assert.Equal(sender.LocalEndPoint.Port, path.Remote.Port);
        if (!path.Local.IsUnspecified)
        {
            Assert.Equal(UdpAddress.From(Loopback(receiver)), path.Local);
        }
    }

    [Theory]
    [MemberData(nameof(Sockets))]
    public void Segments_arrive_one_by_one_and_in_order(string address, bool isSenderPlain, bool isReceiverPlain)
    {
        using UdpSocket sender = Bind(address, isSenderPlain);
        using UdpSocket receiver = Bind(address, isReceiverPlain);
        byte[] datagrams = new byte[(39 * 1200) + 100];
        for (int i = 0; i < datagrams.Length; i++)
        {
            datagrams[i] = (byte)(i / 1200);
        }

        sender.Send(datagrams, To(receiver, 1200));
        List<(byte[] Data, NetworkPath, EcnCodepoint)> received = ReceiveAll(receiver, 40);
        Assert.Equal(40, received.Count);
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(i < 39 ? 1200 : 100, received[i].Data.Length);
            Assert.All(received[i].Data, value => Assert.Equal(i, value));
        }
    }

    [Theory]
    [InlineData("127.0.0.1", EcnCodepoint.Ect0)]
    [InlineData("127.0.0.1", EcnCodepoint.CongestionExperienced)]
    [InlineData("::1", EcnCodepoint.Ect0)]
    [InlineData("::1", EcnCodepoint.NotEct)]
    internal void Congestion_marks_arrive_where_the_platform_tells(string address, EcnCodepoint ecn)
    {
        using UdpSocket sender = Bind(address, isPlain: false);
        using UdpSocket receiver = Bind(address, isPlain: false);
        Assert.SkipUnless(sender.SupportsEcn, "Congestion marks are used on Linux only.");
        sender.Send(new byte[2400], To(receiver, 1200, ecn));
        Assert.All(ReceiveAll(receiver, 2), datagram => Assert.Equal(ecn, datagram.Ecn));
    }

    [Fact]
    public void A_wildcard_socket_answers_from_the_address_that_was_asked()
    {
        using UdpSocket server = Bind("0.0.0.0", isPlain: false);
        Assert.SkipUnless(server.SupportsEcn, "Local addresses are used on Linux only.");
        using UdpSocket client = Bind("127.0.0.1", isPlain: false);
        var asked = UdpAddress.From(new IPEndPoint(IPAddress.Parse("127.0.0.2"), server.LocalEndPoint.Port));
        client.Send(new byte[] { 1 }, new OutgoingDatagrams(new NetworkPath(asked), EcnCodepoint.NotEct, 1));
        NetworkPath path = Assert.Single(ReceiveAll(server, 1)).Path;
        Assert.Equal(asked, path.Local);
        server.Send(new byte[] { 2 }, new OutgoingDatagrams(path, EcnCodepoint.NotEct, 1));
        Assert.Equal(asked, Assert.Single(ReceiveAll(client, 1)).Path.Remote);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_wait_ends_when_somebody_wakes_it_before_or_during_it(bool isPlain)
    {
        using UdpSocket socket = Bind("127.0.0.1", isPlain);
        socket.Wake();
        socket.Wait(null);
        var thread = new Thread(() => socket.Wait(null));
        thread.Start();
        socket.Wake();
        Assert.True(thread.Join(Patience));
        socket.Wait(TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_cannot_be_sent_is_lost_without_a_word(bool isPlain)
    {
        using UdpSocket socket = Bind("127.0.0.1", isPlain);
        using UdpSocket receiver = Bind("127.0.0.1", isPlain);
        using UdpSocket closed = Bind("127.0.0.1", isPlain);
        OutgoingDatagrams nobody = To(closed, 5);
        closed.Dispose();
        socket.Send(new byte[5], nobody);
        socket.Send(new byte[65535], To(receiver, 65535));
        socket.Send(new byte[] { 7 }, To(receiver, 1));
        Assert.Contains(ReceiveAll(receiver, 1), datagram => datagram.Data is [7]);
        socket.Dispose();
        socket.Send(new byte[] { 7 }, To(receiver, 1));
        socket.Wake();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_port_where_nobody_listens_is_reported_where_the_platform_tells(string address)
    {
        using UdpSocket socket = Bind(address, isPlain: false);
        Assert.SkipUnless(socket.SupportsEcn, "Only Linux tells.");
        using UdpSocket closed = Bind(address, isPlain: false);
        OutgoingDatagrams nobody = To(closed, 5);
        closed.Dispose();
        socket.Send(new byte[5], nobody);
        var received = new Received();
        socket.Wait(Patience);
        socket.Receive(received);
        Assert.Equal([nobody.Path.Remote], received.Unreachable);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Datagrams_are_never_sent_in_fragments_of_either_family(string address)
    {
        var any = IPAddress.Parse(address);
        using var socket = new Socket(any.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        Assert.True(Fragmentation.Forbid(socket), "This platform has no such option.");
        if (OperatingSystem.IsLinux())
        {
            // IP_MTU_DISCOVER and IPV6_MTU_DISCOVER say PMTUDISC_PROBE.
            Span<byte> value = stackalloc byte[sizeof(int)];
            bool isIPv6 = any.AddressFamily == AddressFamily.InterNetworkV6;
            socket.GetRawSocketOption(isIPv6 ? 41 : 0, isIPv6 ? 23 : 10, value);
            Assert.Equal(3, BitConverter.ToInt32(value));
        }
    }

    [Fact]
    public void An_address_in_use_cannot_be_bound()
    {
        using UdpSocket socket = Bind("127.0.0.1", isPlain: false);
        Assert.Equal(
            SocketError.AddressAlreadyInUse, Assert.Throws<SocketException>(() => UdpSocket.Bind(socket.LocalEndPoint)).SocketErrorCode);
    }

    private static UdpSocket Bind(string address, bool isPlain) => UdpSocket.Bind(new IPEndPoint(IPAddress.Parse(address), 0), isPlain);

    private static OutgoingDatagrams To(UdpSocket receiver, int segmentLength, EcnCodepoint ecn = EcnCodepoint.NotEct)
        => new(new NetworkPath(UdpAddress.From(Loopback(receiver))), ecn, segmentLength);

    private static IPEndPoint Loopback(UdpSocket socket)
        => socket.LocalEndPoint.AddressFamily == AddressFamily.InterNetwork
            ? new IPEndPoint(IPAddress.Loopback, socket.LocalEndPoint.Port)
            : new IPEndPoint(IPAddress.IPv6Loopback, socket.LocalEndPoint.Port);

    private static List<(byte[] Data, NetworkPath Path, EcnCodepoint Ecn)> ReceiveAll(UdpSocket socket, int count)
    {
        var received = new Received();
        long start = TimeProvider.System.GetTimestamp();
        while (received.Datagrams.Count < count && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            socket.Wait(Patience);
            while (socket.Receive(received))
            {
                // There may be more.
            }
        }

        return received.Datagrams;
    }

    private sealed class Received : IDatagramReceiver
    {
        public List<(byte[] Data, NetworkPath Path, EcnCodepoint Ecn)> Datagrams { get; } = [];

        public void Receive(Span<byte> datagram, in NetworkPath path, EcnCodepoint ecn) => Datagrams.Add((datagram.ToArray(), path, ecn));

        public void HandleUnreachable(UdpAddress destination) => Unreachable.Add(destination);

        public void HandleBatch()
        {
        }

        public List<UdpAddress> Unreachable { get; } = [];
    }
}
