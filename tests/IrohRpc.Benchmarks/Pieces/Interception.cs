using System.Diagnostics;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using IrohRpc.Benchmarks.Pieces.Calls;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>What interceptors and listeners of telemetry cost a call, both ends together, over the memory transport: nothing where there are none.</summary>
[MemoryDiagnoser]
public class Interception : IDisposable
{
    private MemoryPeers _peers = null!;
    private ActivityListener? _activities;
    private MeterListener? _meters;

    /// <summary>Who is there.</summary>
    public enum Company
    {
        /// <summary>Nobody.</summary>
        None,

        /// <summary>An interceptor at each side that only goes on.</summary>
        Interceptor,

        /// <summary>An interceptor at each side that looks at the arguments and the result.</summary>
        Arguments,

        /// <summary>A listener for spans and metrics.</summary>
        Telemetry,
    }

    [ParamsAllValues]
    public Company With { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
    {
        _peers = await MemoryPeers.StartAsync(interceptors =>
        {
            if (With is Company.Interceptor or Company.Arguments)
            {
                interceptors.Add(new Passing(With == Company.Arguments));
            }
        });
        if (With == Company.Telemetry)
        {
            _activities = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == RpcTelemetry.ActivitySourceName,
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            };
            ActivitySource.AddActivityListener(_activities);
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

    private sealed class Passing(bool looks) : RpcInterceptor
    {
        public override ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next) => PassAsync(invocation, next);

        public override ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next) => PassAsync(invocation, next);

        private async ValueTask PassAsync(RpcInvocation invocation, RpcInvocationDelegate next)
        {
            if (looks)
            {
                _ = invocation.Arguments[0];
            }

            await next(invocation);
            if (looks)
            {
                _ = invocation.Result;
            }
        }
    }
}
