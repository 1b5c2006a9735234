using CsCheck;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Recovery;

public class AckRangesTests
{
    [Fact]
    public void Ranges_hold_what_a_set_holds()
        => Gen.Int[0, 300].Array[0, 400].Sample(numbers =>
        {
            var ranges = new AckRanges();
            SortedSet<long> model = [];
            foreach (int number in numbers)
            {
                Assert.Equal(model.Contains(number), ranges.Contains(number));
                Assert.Equal(model.Add(number), ranges.Add(number));
                Assert.Equal(model.Max, ranges.Largest);
            }

            Assert.Equal(-1, ranges.Floor);
            List<long> all = [];
            for (int i = 0; i < ranges.Count; i++)
            {
                Assert.True(i == 0 || ranges[i].Smallest > ranges[i - 1].Largest + 1);
                for (long number = ranges[i].Smallest; number <= ranges[i].Largest; number++)
                {
                    all.Add(number);
                }
            }

            Assert.Equal(model, all);
        });

    [Fact]
    public void Too_many_ranges_lose_the_lowest_and_nothing_is_taken_twice()
        => Gen.Long[0, 5000].Array[0, 3000].Sample(numbers =>
        {
            var ranges = new AckRanges();
            HashSet<long> taken = [];
            foreach (long number in numbers)
            {
                if (ranges.Add(2 * number))
                {
                    Assert.True(taken.Add(number));
                }

                Assert.InRange(ranges.Count, 0, AckRanges.MaxCount);
                Assert.True(ranges.Contains(2 * number));
            }
        }, iter: 50);
}
