using System.Net.Quic;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>
/// What System.Net.Quic does not offer, through a second API table of the same native library. All of it is extra: where the library is another than
/// expected, nothing is set, and connections work as they do without.
/// </summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal static unsafe class MsQuicLibrary
{
    /// <summary>How long a key for stateless resets is, in bytes.</summary>
    public const int ResetKeyLength = 32;

    // From msquic.h: parameters, and the places of two functions in the API table of version 2.
    private const uint RetryMemory = 0x01000000;
    private const uint StatelessResetKey = 0x0100000B;
    private const uint StreamSchedulingScheme = 0x0500000C;
    private const uint ConnectionStatistics = 0x05000016;
    private const uint RoundRobin = 1;
    private const uint ApiVersion = 2;
    private const int SetParameterSlot = 3;
    private const int GetParameterSlot = 4;

    // Places in QUIC_STATISTICS_V2, which only ever grows at its end.
    private const int SentRetransmittablePackets = 72;
    private const int ReceivedPackets = 120;
    private const int DroppedPackets = 136;
    private const int StatisticsLength = 512;

    private static readonly void** Table = Open();

    // The connection's native handle is not public. Where there is no such field any more, what needs it is left out.
    private static readonly FieldInfo? Handle = typeof(QuicConnection).GetField("_handle", BindingFlags.NonPublic | BindingFlags.Instance);

    /// <summary>
    /// Has streams of a connection send in turn. By default a stream that always has something to send holds up all others until it has ended.
    /// </summary>
    /// <returns>Whether the library took it.</returns>
    public static bool TrySetRoundRobin(QuicConnection connection)
    {
        uint scheme = RoundRobin;
        return TrySet(connection, StreamSchedulingScheme, new ReadOnlySpan<byte>(&scheme, sizeof(uint)));
    }

    /// <summary>
    /// Sets the key from which the process makes the tokens of stateless resets. With a key that outlives the process, a peer of its last run learns at its
    /// next packet that the connection is gone.
    /// </summary>
    /// <returns>Whether the library took it.</returns>
    public static bool TrySetStatelessResetKey(ReadOnlySpan<byte> key)
    {
        if (Table is null || key.Length != ResetKeyLength)
        {
            return false;
        }

        fixed (byte* bytes = key)
        {
            return Set(null, StatelessResetKey, (uint)key.Length, bytes) == 0;
        }
    }

    /// <summary>
    /// Has diallers answer a Retry as soon as handshakes in progress hold the smallest share of the machine's memory that can be set, 1/65,535 in place of 65: who sends from addresses that are not
    /// theirs then gets no further and holds nothing. Default are some hundreds to thousands of handshakes, which is more than a listener takes.
    /// </summary>
    /// <returns>Whether the library took it.</returns>
    public static bool TryRetryEarly()
    {
        ushort share = 1;
        return Table is not null && Set(null, RetryMemory, sizeof(ushort), &share) == 0;
    }

    /// <summary>How many packets were sent that the peer has to acknowledge, and how many came from it and were not dropped.</summary>
    public static bool TryCountPackets(QuicConnection connection, out ulong sent, out ulong received)
    {
        sent = 0;
        received = 0;
        if (Table is null || Handle?.GetValue(connection) is not SafeHandle handle)
        {
            return false;
        }

        byte* statistics = stackalloc byte[StatisticsLength];
        uint length = StatisticsLength;
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            var get = (delegate* unmanaged<void*, uint, uint*, void*, uint>)Table[GetParameterSlot];
            if (get((void*)handle.DangerousGetHandle(), ConnectionStatistics, &length, statistics) != 0 || length < DroppedPackets + sizeof(ulong))
            {
                return false;
            }
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }

        sent = *(ulong*)(statistics + SentRetransmittablePackets);

        // What is dropped proves nothing: anybody can send it, and so does a peer that restarted and knows the connection no more.
        received = *(ulong*)(statistics + ReceivedPackets) - *(ulong*)(statistics + DroppedPackets);
        return true;
    }

    private static bool TrySet(QuicConnection connection, uint parameter, ReadOnlySpan<byte> value)
    {
        if (Table is null || Handle?.GetValue(connection) is not SafeHandle handle)
        {
            return false;
        }

        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            fixed (byte* bytes = value)
            {
                return Set((void*)handle.DangerousGetHandle(), parameter, (uint)value.Length, bytes) == 0;
            }
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    private static uint Set(void* handle, uint parameter, uint length, void* value)
        => ((delegate* unmanaged<void*, uint, uint, void*, uint>)Table[SetParameterSlot])(handle, parameter, length, value);

    private static void** Open()
    {
        string[] names = OperatingSystem.IsWindows() ? ["msquic.dll"] : OperatingSystem.IsMacOS() ? ["libmsquic.dylib"] : ["libmsquic.so.2", "libmsquic.so"];
        foreach (string name in names)
        {
            // System.Net.Quic has loaded it from the same places by now, so that this is the same library.
            if (QuicConnection.IsSupported
                && NativeLibrary.TryLoad(name, typeof(QuicConnection).Assembly, DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories, out nint library)
                && NativeLibrary.TryGetExport(library, "MsQuicOpenVersion", out nint open))
            {
                void** table;
                return ((delegate* unmanaged<uint, void***, uint>)open)(ApiVersion, &table) == 0 ? table : null;
            }
        }

        return null;
    }
}
