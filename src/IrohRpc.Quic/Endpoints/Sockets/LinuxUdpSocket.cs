using System.Net.Sockets;
using System.Runtime.InteropServices;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Recovery;
using Microsoft.Win32.SafeHandles;
using static IrohRpc.Quic.Endpoints.Sockets.LinuxSockets;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>
/// A socket that uses what Linux has for UDP: several datagrams in one call, segmentation and its reverse (UDP_SEGMENT, UDP_GRO), congestion marks and
/// local addresses.
/// </summary>
internal sealed unsafe class LinuxUdpSocket : UdpSocket
{
    // With UDP_GRO each message may be 64 KiB of datagrams of one sender.
    private const int MessageCount = 8;
    private const int MessageLength = 64 * 1024;
    private const int NameLength = 28;

    // Decrypting this much takes some 50 µs.
    private const int BatchLength = 48 * 1024;

    // The kernel's own limit (UDP_MAX_SEGMENTS), and what one IP packet can be that it cuts up.
    private const int KernelMaxSegments = 64;
    private const int MaxSegmentedLength = ushort.MaxValue - 8 - 40;

    private static readonly TimeSpan LongestBlock = TimeSpan.FromMilliseconds(5);

    private readonly int _descriptor;
    private readonly SafeFileHandle _wakeEvent;
    private readonly bool _isIPv6;
    private byte* _memory;
    private bool _hasErrors;
    private volatile bool _canSegment = true;

    /// <summary>Takes over a bound socket.</summary>
    public LinuxUdpSocket(Socket socket)
        : base(socket)
    {
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        _isIPv6 = socket.AddressFamily == AddressFamily.InterNetworkV6;
        SetOptions();
        _wakeEvent = CreateEvent();
        if (_wakeEvent.IsInvalid)
        {
            throw new SocketException((int)SocketError.TooManyOpenSockets);
        }
    }

    /// <summary>Whether this machine has what is needed.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && sizeof(nuint) == 8 && BitConverter.IsLittleEndian;

    /// <inheritdoc/>
    public override int MaxSegments => _canSegment ? KernelMaxSegments : 1;

    /// <inheritdoc/>
    public override bool SupportsEcn => true;

    private static int ReceiveMemoryLength => MessageCount * (MessageLength + NameLength + 4 + LinuxControl.MaxLength + sizeof(BatchMessage) + sizeof(LinuxSockets.Buffer));

    /// <inheritdoc/>
    public override void Wait(TimeSpan? timeout)
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = _descriptor, Events = PollIn };
        entries[1] = new PollEntry { Descriptor = (int)_wakeEvent.DangerousGetHandle(), Events = PollIn };
        if (timeout is { } time)
        {
            TimeSpecification specification = ToSpecification(time);
            Poll(entries, 2, &specification, null);
        }
        else
        {
            Poll(entries, 2, null, null);
        }

        _hasErrors = (entries[0].Returned & PollError) != 0;
        if (entries[1].Returned != 0)
        {
            ulong count;
            Read(_wakeEvent, &count, sizeof(ulong));
        }
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        ulong one = 1;
        try
        {
            Write(_wakeEvent, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
    }

    /// <inheritdoc/>
    public override bool Receive(IDatagramReceiver receiver)
    {
        if (_memory is null)
        {
            _memory = (byte*)NativeMemory.AllocZeroed((nuint)ReceiveMemoryLength);
        }

        BatchMessage* messages = PrepareMessages(out byte* data);
        if (_hasErrors)
        {
            _hasErrors = false;
            ReceiveErrors(receiver, messages);
            messages = PrepareMessages(out data);
        }

        int count = ReceiveMessages(_descriptor, messages, MessageCount, DoNotWait, null);
        if (count < 0)
        {
            // Other errors are ICMP messages or interruptions; the next call gets past them.
            return Marshal.GetLastPInvokeError() != TryAgain;
        }

        int delivered = 0;
        for (int i = 0; i < count; i++)
        {
            if (delivered >= BatchLength)
            {
                receiver.HandleBatch();
                delivered = 0;
            }

            Deliver(receiver, messages[i], data + (i * MessageLength));
            delivered += (int)messages[i].Length;
        }

        return count == MessageCount;
    }

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> datagrams, in OutgoingDatagrams destination)
    {
        try
        {
            SendAll(datagrams, destination);
        }
        catch (ObjectDisposedException)
        {
            // The endpoint is gone; what somebody still had to say is lost.
        }
    }

    private void SendAll(ReadOnlySpan<byte> datagrams, in OutgoingDatagrams destination)
    {
        while (!datagrams.IsEmpty)
        {
            int length = Math.Min(datagrams.Length, destination.SegmentLength);
            if (_canSegment && datagrams.Length > length)
            {
                length = Math.Min(datagrams.Length, Math.Min(KernelMaxSegments, MaxSegmentedLength / length) * length);
            }

            if (!TrySend(datagrams[..length], destination))
            {
                continue; // without segmentation this time
            }

            datagrams = datagrams[length..];
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _wakeEvent.Dispose();
        NativeMemory.Free(_memory);
        _memory = null;
    }

    private static TimeSpecification ToSpecification(TimeSpan time)
    {
        long ticks = Math.Max(0, time.Ticks);
        return new TimeSpecification
        {
            Seconds = ticks / TimeSpan.TicksPerSecond,
            Nanoseconds = ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick,
        };
    }

    private void Deliver(IDatagramReceiver receiver, in BatchMessage message, byte* data)
    {
        ReadOnlySpan<byte> name = new(message.Header.Name, NameLength);
        UdpAddress remote = UdpAddressEncoding.Read(name, _isIPv6);
        UdpAddress local = LocalAddress;
        LinuxControl.Read(
            new ReadOnlySpan<byte>(message.Header.Control, (int)message.Header.ControlLength),
            LocalEndPoint.Port,
            ref local,
            out EcnCodepoint ecn,
            out int segmentLength);
        var path = new NetworkPath(remote, local);
        Span<byte> bytes = new(data, (int)message.Length);
        if (segmentLength == 0)
        {
            segmentLength = bytes.Length;
        }

        while (!bytes.IsEmpty)
        {
            int length = Math.Min(segmentLength, bytes.Length);
            receiver.Receive(bytes[..length], path, ecn);
            bytes = bytes[length..];
        }
    }

    // The structures are written anew for each call, since the kernel puts results where it found room.
    private BatchMessage* PrepareMessages(out byte* data)
    {
        var messages = (BatchMessage*)_memory;
        var buffers = (LinuxSockets.Buffer*)(messages + MessageCount);
        byte* control = (byte*)(buffers + MessageCount);
        byte* names = control + (MessageCount * LinuxControl.MaxLength);
        data = names + (MessageCount * (NameLength + 4));
        for (int i = 0; i < MessageCount; i++)
        {
            buffers[i] = new LinuxSockets.Buffer { Start = data + (i * MessageLength), Length = MessageLength };
            messages[i].Header = new Message
            {
                Name = names + (i * (NameLength + 4)),
                NameLength = NameLength,
                Buffers = buffers + i,
                BufferCount = 1,
                Control = control + (i * LinuxControl.MaxLength),
                ControlLength = LinuxControl.MaxLength,
            };
        }

        return messages;
    }

    private void ReceiveErrors(IDatagramReceiver receiver, BatchMessage* messages)
    {
        while (ReceiveMessages(_descriptor, messages, 1, DoNotWait | ErrorQueue, null) == 1)
        {
            Message* message = &messages->Header;
            if (LinuxControl.ReadError(new ReadOnlySpan<byte>(message->Control, (int)message->ControlLength))
                is ConnectionRefused or HostUnreachable or NetworkUnreachable)
            {
                receiver.HandleUnreachable(UdpAddressEncoding.Read(new ReadOnlySpan<byte>(message->Name, NameLength), _isIPv6));
            }

            message->NameLength = NameLength;
            message->ControlLength = LinuxControl.MaxLength;
        }
    }

    // False where the kernel or the interface cannot segment: the caller tries again without.
    private bool TrySend(ReadOnlySpan<byte> datagrams, in OutgoingDatagrams destination)
    {
        byte* name = stackalloc byte[NameLength];
        ulong* controlMemory = stackalloc ulong[LinuxControl.MaxLength / sizeof(ulong)];
        var control = new LinuxControl(new Span<byte>(controlMemory, LinuxControl.MaxLength));
        *(ushort*)name = _isIPv6 ? FamilyIpV6 : FamilyIpV4;
        UdpAddressEncoding.Write(new Span<byte>(name, NameLength), destination.Path.Remote);
        bool isSegmented = datagrams.Length > destination.SegmentLength;
        if (isSegmented)
        {
            control.AddSegmentLength(destination.SegmentLength);
        }

        if (destination.Ecn != EcnCodepoint.NotEct)
        {
            control.AddEcn(destination.Ecn, _isIPv6);
        }

        if (IsWildcard && !destination.Path.Local.IsUnspecified)
        {
            control.AddSource(destination.Path.Local);
        }

        fixed (byte* start = datagrams)
        {
            var buffer = new LinuxSockets.Buffer { Start = start, Length = (nuint)datagrams.Length };
            var message = new Message
            {
                Name = name,
                NameLength = _isIPv6 ? 28u : 16u,
                Buffers = &buffer,
                BufferCount = 1,
                Control = control.Length == 0 ? null : controlMemory,
                ControlLength = (nuint)control.Length,
            };
            return TrySend(&message, isSegmented);
        }
    }

    private bool TrySend(Message* message, bool isSegmented)
    {
        for (int attempt = 0; attempt < 3; attempt++)
        {
            if (SendMessage(Socket.SafeHandle, message, DoNotWait) >= 0)
            {
                return true;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case InputOutput or InvalidArgument when isSegmented:
                    _canSegment = false;
                    return false;
                case TryAgain:
                    WaitForRoom();
                    break;
                case Interrupted:
                    break;
                default:
                    // An ICMP message about an earlier datagram fails one call; anything else fails the next as well and counts as lost on the way.
                    break;
            }
        }

        return true;
    }

    private void WaitForRoom()
    {
        PollEntry entry = new() { Descriptor = _descriptor, Events = PollOut };
        TimeSpecification specification = ToSpecification(LongestBlock);
        Poll(&entry, 1, &specification, null);
    }

    private void SetOptions()
    {
        // None of these is vital, and old kernels lack some.
        TrySet(Udp, UdpGro, 1);
        if (_isIPv6)
        {
            TrySet(IpV6, IpV6ReceiveErrors, 1);
            TrySet(IpV6, IpV6ReceiveTrafficClass, 1);
            TrySet(IpV6, IpV6ReceivePacketInfo, IsWildcard ? 1 : 0);
        }
        else
        {
            TrySet(Ip, IpReceiveErrors, 1);
            TrySet(Ip, IpReceiveTos, 1);
            TrySet(Ip, IpPacketInfo, IsWildcard ? 1 : 0);
        }
    }

    private void TrySet(int level, int name, int value) => SetOption(_descriptor, level, name, &value, sizeof(int));
}
