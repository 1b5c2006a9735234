namespace IrohRpc.Tests.Versions;

/// <summary>One build of the clock, as a service and as a caller.</summary>
internal abstract class ClockBuild
{
    public static readonly ClockBuild First = new FirstBuild();
    public static readonly ClockBuild Second = new SecondBuild();
    public static readonly ClockBuild Third = new ThirdBuild();

    public static ClockBuild Of(int version) => version switch { 8 => First, 9 => Second, _ => Third };

    public abstract RouterBuilder Map(RouterBuilder router);

    public abstract ClockCaller Connect(PeerEndpoint endpoint, EndpointTicket ticket, ClientOptions? options = null);

    private sealed class FirstBuild : ClockBuild
    {
        public override RouterBuilder Map(RouterBuilder router) => router.Map<Clocks.First.IClock>(new FirstClock());

        public override ClockCaller Connect(PeerEndpoint endpoint, EndpointTicket ticket, ClientOptions? options)
        {
            Clocks.First.IClock clock = endpoint.Connect<Clocks.First.IClock>(ticket, options);
            return new ClockCaller(clock, clock.VersionAsync, clock.AddAsync);
        }
    }

    private sealed class SecondBuild : ClockBuild
    {
        public override RouterBuilder Map(RouterBuilder router) => router.Map<Clocks.Second.IClock>(new SecondClock());

        public override ClockCaller Connect(PeerEndpoint endpoint, EndpointTicket ticket, ClientOptions? options)
        {
            Clocks.Second.IClock clock = endpoint.Connect<Clocks.Second.IClock>(ticket, options);
            return new ClockCaller(clock, clock.VersionAsync, clock.AddAsync)
            {
                SupportsTicks = () => clock.Supports(Clocks.Second.IClock.Methods.TicksAsync),
                TicksAsync = clock.TicksAsync,
            };
        }
    }

    private sealed class ThirdBuild : ClockBuild
    {
        public override RouterBuilder Map(RouterBuilder router) => router.Map<Clocks.Third.IClock>(new ThirdClock());

        public override ClockCaller Connect(PeerEndpoint endpoint, EndpointTicket ticket, ClientOptions? options)
        {
            Clocks.Third.IClock clock = endpoint.Connect<Clocks.Third.IClock>(ticket, options);
            return new ClockCaller(clock, clock.VersionAsync, clock.AddAsync)
            {
                SupportsTicks = () => clock.Supports(Clocks.Third.IClock.Methods.TicksAsync),
                TicksAsync = clock.TicksAsync,
                SupportsMultiply = () => clock.Supports(Clocks.Third.IClock.Methods.MultiplyAsync),
                MultiplyAsync = clock.MultiplyAsync,
            };
        }
    }
}
