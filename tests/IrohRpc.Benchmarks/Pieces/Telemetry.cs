using System.Diagnostics;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using IrohRpc.Benchmarks.Pieces.Calls;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>What listeners of telemetry cost a call, both ends together, over the memory transport: nothing where there are none.</summary>
[MemoryDiagnoser]
public class Telemetry : IDisposable
{
    private MemoryPeers _peers = null!;
    private ActivityListener? _activities;
    private MeterListener? _meters;

    /// <summary>What is listened to.</summary>
    public enum Listeners
    {
        /// <summary>Nothing.</summary>
        None,

        /// <summary>Metrics.</summary>
        Metrics,

        /// <summary>Spans.</summary>
        Spans,

        /// <summary>Both.</summary>
        Both,
    }

    [ParamsAllValues]
    public Listeners Listener { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _peers = await MemoryPeers.StartAsync(static _ => { });
        if (Listener is Listeners.Spans or Listeners.Both)
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == RpcTelemetry.ActivitySourceName,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            };
            ActivitySource.AddActivityListener(_activities);
        }

        if (Listener is Listeners.Metrics or Listeners.Both)
        {
            _meters = new MeterListener { InstrumentPublished = static (instrument, listener) => Listen(instrument, listener) };
            _meters.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
            _meters.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
            _meters.Start();
        }
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        Dispose();
        await _peers.DisposeAsync();
    }

    public void Dispose()
    {
        _activities?.Dispose();
        _meters?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public ValueTask<Block> Echo() => _peers.Client.Service.EchoAsync(Block.Of(1));

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == RpcTelemetry.MeterName)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
